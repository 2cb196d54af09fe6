# Lesson 08. `make lessons` makes notebooks/08_your_own_data.ipynb and its solution edition from this file.

# %% [markdown]
# # Your own data
#
# After this lesson you can
#
# * go from two folders of pictures to networks that are trained, compared and judged,
# * say what can be seen of a network without one label of its target, and choose by that,
# * write down what you may claim, and with how many labels.
#
# **Time** about 40 minutes on a laptop's CPU, two of them computing. **Memory** under 1.2 GB. **Download** none: an example is drawn here.
# **Before this**: [03_training](03_training.ipynb).

# %% [markdown]
# ## Two folders
#
# You have two kinds of pictures of the same things: photos from a shop and photos from a webcam, say. Of the first kind you know what each shows; that is the [source](glossary.ipynb#Source). Of the second kind nobody has told; that is the [target](glossary.ipynb#Target). Put them into two folders, and both into one zip:
#
# ```
# photos.zip
#     source/  mug/  lamp/  ...   a folder for each class
#     target/                     all pictures straight in it
# ```
#
# Drop the zip into the box below. Do you have none at hand? Then go on: there is an example.

# %%
from dann_lab.lessons.upload import own_folders

folders = own_folders()
folders

# %% [markdown]
# The zip may have up to 200 MB. It works on your own machine, on Colab and on Binder. (The box sends it in small parts: a single message of more than 10 MB would make a Jupyter server close the line.) There are other ways, if you like them better:
#
# * **JupyterLab**, on Binder too: drag the zip into the list of files on the left. Then write its name: `own_folders("photos.zip")`.
# * **Colab**: open *Files* on the left, drag the zip there, and write `own_folders("/content/photos.zip")`.
# * **Your own machine**: name the folders where they are, `own_folders("photos/shop", "photos/webcam")`. Two tables (.csv) work as well.
#
# A zip that you send goes to the machine that computes. On Colab and Binder that is somebody else's, and it is gone when the session ends. Think before you send pictures of people.
#
# The cells below use what you have chosen. Send another zip at any time, and run them again from here:

# %%
pair, envelope = folders.read(size=32)
envelope

# %% [markdown]
# All pictures are made 32 pixels high and wide here, so that training is quick. `pair` has no label of the target. If there are any, those of its test pictures are in the sealed *envelope*, and you and the networks do without them until the end. Of the example we have kept them for you; of your own target they are in it if you sent class folders.

# %% [markdown]
# ## Look
#
# Always look first. Are these the same things? Is anything turned, cut off, or in the wrong folder? And what has changed from source to target: the light, the ground, the colours, the size?

# %%
from dann_lab.lessons.your_data import check, live, look

look(pair)

# %% [markdown]
# The example: things in colour on white, and the same things in grey, blurred, on a desk with clutter.

# %% [markdown]
# ## Check
#
# Then count. Not every [domain shift](glossary.ipynb#Domain-shift) is one of looks. A table shows a class with few pictures, a class that is missing, the same picture in both folders.

# %%
check(pair)

# %% [markdown]
# The target's column is empty, for it has no labels. So here is the first thing that you cannot know, and have to know from elsewhere: **are the classes about as frequent in the target as in the source?** A [DANN](glossary.ipynb#DANN) makes the two crowds of features alike. If half of the target are mugs, and a fifth of the source, then some mugs have to look like something else. Ask whoever took the pictures.

# %% [markdown]
# ## Train live
#
# One run with your eyes on it. Press **Train**, and watch two things: does the label loss fall, and does the [domain loss](glossary.ipynb#Domain-loss) first fall and then come back towards [ln 2](glossary.ipynb#ln-2)? The target's accuracy is missing, as it is for everyone whose target has no labels. (If your own target has class folders, this page shows it. Then look away, or leave the class folders out.)

# %%
live(folders, size=32, steps=300)

# %% [markdown]
# The whole live page is in [05_dashboard](05_dashboard.ipynb). There "Your own…" takes a zip as well.

# %% [markdown]
# ## Three methods, three seeds
#
# One run says little, and DANN alone says little. So train three methods: [source-only](glossary.ipynb#Source-only), which never sees the target; DANN with [lambda](glossary.ipynb#Lambda) 0, which sees it and does not reverse anything; and DANN. Each with three seeds. In our runs each of the nine took {{your_data/seconds as whole}} seconds on one core. The next time they are there at once.

# %%
from dann_core import preset
from dann_lab.lessons.networks import trained
from dann_lab.lessons.your_data import METHODS

networks = {
    name: [
        trained(pair, preset("own", steps=300, seed=seed, **changes), f"{name}, seed {seed}")
        for seed in range(3)
    ]
    for name, changes in METHODS.items()
}

# %% [markdown]
# ## Read the curves
#
# The losses of the first DANN, and its accuracies. What you can read without a label of the target: whether the source has been learnt, whether the [domain classifier](glossary.ipynb#Domain-classifier) was ever better than guessing, and whether anything blew up.

# %%
from dann_lab.figures import curves, sentences
from dann_lab.widgets.base import Plot

first = networks["DANN"][0]
Plot(
    lambda theme: curves.losses(first.history, theme),
    "Losses of DANN",
    sentences.about_losses(first.history, first.recipe),
)

# %%
Plot(
    lambda theme: curves.accuracies(first.history, theme, pair.classes),
    "Accuracies of DANN",
    sentences.about_accuracies(first.history, first.recipe),
)

# %% [markdown]
# In our nine DANN the [domain accuracy](glossary.ipynb#Domain-accuracy) ended at {{your_data/methods/DANN/domain}}, with lambda 0 at {{your_data/methods/lambda 0/domain}}.
# {{claim: your_data/methods/DANN/domain < your_data/methods/lambda 0/domain}}
# So the reversal has worked: the classifier of DANN guesses. Whether the *classes* were laid on the right places, no curve here tells.

# %% [markdown]
# ## Probe and doubt
#
# What else can be seen without labels? Ask a fresh [domain probe](glossary.ipynb#Domain-probe) how far the domains are apart where the classes are read, in the logits: the [proxy A-distance](glossary.ipynb#Proxy-A-distance). Ask each network how much it doubts its answers on the target: their mean [entropy](glossary.ipynb#Entropy), or the other way round, its confidence. And ask whether three seeds of one method give the same answers.
#
# **Predict first**: how sure are the source-only networks of their answers on the target? Give the mean confidence, in per cent.

# %%
from dann_lab.lessons.predict import guess

guess("own-confidence")

# %%
from dann_lab.lessons.your_data import doubts

doubts(networks)

# %% [markdown]
# Over nine seeds in our runs (agreement over three times three of them):
#
# | on test pictures, without labels of the target | source only | lambda 0 | DANN |
# | --- | --- | --- | --- |
# | proxy A-distance in the logits | {{your_data/methods/source only/distance}} | {{your_data/methods/lambda 0/distance}} | {{your_data/methods/DANN/distance}} |
# | entropy, in nats | {{your_data/methods/source only/entropy}} | {{your_data/methods/lambda 0/entropy}} | {{your_data/methods/DANN/entropy}} |
# | confidence | {{your_data/methods/source only/confidence}} | {{your_data/methods/lambda 0/confidence}} | {{your_data/methods/DANN/confidence}} |
# | agreement of seeds | {{your_data/methods/source only/agreement}} | {{your_data/methods/lambda 0/agreement}} | {{your_data/methods/DANN/agreement}} |
# {{claim: your_data/methods/DANN/distance < your_data/methods/source only/distance}}
# {{claim: your_data/methods/DANN/distance < your_data/methods/lambda 0/distance}}
# {{claim: your_data/methods/DANN/confidence > your_data/methods/source only/confidence}}
# {{claim: your_data/methods/DANN/confidence > your_data/methods/lambda 0/confidence}}
# {{claim: your_data/methods/source only/distance ~ your_data/methods/lambda 0/distance}}
# {{claim: your_data/methods/source only/entropy ~ your_data/methods/lambda 0/entropy}}
# {{claim: your_data/methods/source only/confidence ~ your_data/methods/lambda 0/confidence}}
# {{claim: your_data/methods/source only/agreement ~ your_data/methods/lambda 0/agreement}}
# {{claim: your_data/methods/source only/agreement ~ your_data/methods/DANN/agreement}}
#
# For DANN the probe finds the domains nearer together than for the other two, and its confidence is the highest. Source only and lambda 0 overlap in every row, and so do source only and DANN in the last one.
#
# Is that good news? It is what good news would look like, and no more. A network that has put mugs where the lamps are can be just as sure, and its domains just as near.
#
# One thing here is certain, whatever the labels are. Where two seeds say different classes of a picture, at least one of them is wrong. So where two networks agree on 90 of 100 pictures, ten mistakes at least are shared out among the two, five for each on average. That is a floor for the error. There is no ceiling: all seeds can make the same mistake.

# %% [markdown]
# ## Choose without labels
#
# You have nine networks and may use one. `dann_core.selection` has seven rules that look at no label of the target and at no test picture. `entropy` takes the least doubt; `snd` takes the network whose answers form the tightest groups; `iwv` and `dev` weigh the source's errors by how much an example looks like the target; `circular` learns the way back from the target's answers to the source; `source` and `last` are there as controls.

# %%
from dann_core.selection import scores
from dann_lab.lessons.your_data import choices, each

found = [scores(network.model, pair) for _, network in each(networks)]
chosen = choices(networks, found)
chosen

# %% [markdown]
# They need not agree, and some cannot decide: where the source is learnt without a fault by nearly all networks, `source`, `iwv` and `circular` find them alike. Then the first of the list is taken, and it is the order of the list that has chosen.
#
# Write down **now**, before the envelope is open: the rule that you follow, and two claims of which you are fairly sure. A rule that is chosen afterwards is a choice by labels.

# %% [markdown]
# ## Open the envelope
#
# **Predict first**: how many of 100 target pictures has DANN right, as a mean over the seeds?

# %%
guess("own-target")

# %%
from dann_lab.lessons.your_data import open_envelope

open_envelope(envelope, networks, chosen)

# %% [markdown]
# In our nine runs of each:
#
# | | source only | lambda 0 | DANN |
# | --- | --- | --- | --- |
# | right on the target | {{your_data/methods/source only/target}} | {{your_data/methods/lambda 0/target}} | {{your_data/methods/DANN/target}} |
# | how sure they were of it | {{your_data/methods/source only/confidence}} | {{your_data/methods/lambda 0/confidence}} | {{your_data/methods/DANN/confidence}} |
# | how sure where they were wrong | {{your_data/methods/source only/sure_when_wrong}} | {{your_data/methods/lambda 0/sure_when_wrong}} | {{your_data/methods/DANN/sure_when_wrong}} |
# {{claim: your_data/methods/DANN/target > your_data/methods/source only/target}}
# {{claim: your_data/methods/DANN/target > your_data/methods/lambda 0/target}}
# {{claim: your_data/methods/source only/target ~ your_data/methods/lambda 0/target}}
# {{claim: your_data/methods/source only/too_sure > 0}}
# {{claim: your_data/methods/lambda 0/too_sure > 0}}
# {{claim: your_data/methods/DANN/too_sure > 0}}
# {{claim: your_data/methods/source only/sure_when_wrong ~ your_data/methods/DANN/sure_when_wrong}}
#
# Which claims held?
#
# * *The reversal helps here.* It held: DANN is above both controls, and these two cannot be told apart.
# * *A sure network is right.* It did not hold. All three methods are surer than they are right, and where they are wrong they are still sure.
# * *The rule finds the best network.* It depends on the rule. Of three times nine networks the best had {{your_data/rules/best/target}} of the target right, and one at random {{your_data/rules/any/target}}. Least entropy chose {{your_data/rules/entropy/target}}, `dev` {{your_data/rules/dev/target}}, and `snd` {{your_data/rules/snd/target}}. The others found nearly all alike and took the first, a source-only network: {{your_data/rules/source/target}}.
# {{claim: your_data/rules/entropy/target ~ your_data/rules/best/target}}
# {{claim: your_data/rules/dev/target ~ your_data/rules/best/target}}
# {{claim: your_data/rules/snd/target < your_data/rules/any/target}}
#
# Do not carry home that entropy is the rule. These are three choices on one made-up pair. On stripes, over {{selection/runs as whole}} runs, the lambda with the least entropy cost {{selection/rules/entropy/lambda as interval}} points against the best, and any lambda at random {{selection/chance/lambda as interval}} (mean and 95 % interval): not shown to be better than chance.
# {{claim: selection/rules/entropy/lambda ~ selection/chance/lambda}}
# And an earlier webcam of this very example, with things darker *or lighter* than the desk, was not learnt better with DANN; it is told of in `docs/your-data.md`.

# %% [markdown]
# ## With fifty labels
#
# Your own envelope is probably empty. Then label some pictures of the target yourself: drawn at random, with your eyes on the picture and not on the network's answer, and never used for training or for choosing. How far does the accuracy on fifty move from one fifty to the next?
#
# **Predict first**: for a network that is right on nine of ten, what is the standard error of the accuracy on fifty pictures, in points?

# %%
guess("own-fifty")

# %%
for seed in range(5):
    print(envelope.judge(first, n=50, seed=seed))

# %% [markdown]
# With n labels an accuracy p has the standard error `sqrt(p (1 - p) / n)`. For the mean accuracy of our DANN that is {{your_data/fifty/formula as two}} points with {{your_data/labels as whole}} labels, and {{your_data/fifty/all as two}} with all {{your_data/images as whole}}. (The fifties above are drawn from the same {{your_data/images as whole}} and share many pictures, so they differ less, by {{your_data/fifty/drawn as two}} points in our nine networks. Fifty *new* pictures move as the formula says.)
#
# For a difference it is worse. Two accuracies from two sets of fifty pictures differ by chance with 1.4 times that error. So let both networks read the same pictures, and count those on which just one of them is right.

# %% [markdown]
# ### Exercise: How many labels? · difficulty ●○○ · 4 minutes
#
# Turn the formula round.


# %% tags=["exercise-how_many_labels"]
import math


def how_many_labels(accuracy, error):
    """The fewest labelled pictures for which the standard error is at most `error`.

    The standard error is sqrt(accuracy * (1 - accuracy) / n); both numbers are from 0 to 1.
    """
    return ...


# %%
from dann_lab.exercises import exercises

exercises.how_many_labels.check(how_many_labels)

# %% [markdown]
# ## What you may claim
#
# A claim about a target has five parts. Without one of them, nobody can use the figure:
#
# * **what was counted**: "46 of 50 target pictures right, 92 % ± 4 %", drawn at random, labelled without a look at the answers, used for nothing else;
# * **against what**: source-only and lambda 0, with the same steps, pictures and seeds. Where the ranges overlap, write that no gain was shown;
# * **over what**: at least three seeds, all of them, with their spread;
# * **how it was chosen**: the rule, and that it was fixed before;
# * **for what**: these folders. Another camera is another target.
#
# And without any label of the target? Then say just that: "In the logits a probe finds a proxy A-distance of 0.2, three seeds agree on nine of ten pictures, and the accuracy is unknown." That is an honest sentence. "It works on our photos" is not.

# %% [markdown]
# ## Quiz

# %%
from dann_lab.lessons.quiz import quiz

quiz("08_your_own_data")

# %% [markdown]
# ## You saw
#
# * Look and count before you train. What differs between the domains, and whether the classes are as frequent, is not in any loss.
# * Without labels you see the source's accuracy, the domain accuracy, a probe, the doubt and the agreement of seeds. None of them is the target's accuracy.
# * Source-only and lambda 0 belong beside DANN, each over seeds, and the rule to choose by is written down first.
# * Fifty labels drawn at random are worth more than all of that, and their standard error belongs to the figure.
#
# **Next**: [05_dashboard](05_dashboard.ipynb), all of it live on one page. The commands for the same way, with tables, networks of your own and export, are in `docs/your-data.md`.
