# Lesson 03. `make lessons` makes notebooks/03_training.ipynb and its solution edition from this file.

# %% [markdown]
# # Training
#
# After this lesson you can
#
# * write one step of domain-adversarial training, and both schedules,
# * read the curves: what a domain loss of ln 2 means, and what the domain accuracy should be,
# * say what lambda does while the network trains, and how too much of it ends.
#
# **Time** about 45 minutes on a laptop's CPU, two of them training. **Memory** under 1.2 GB. **Download** none: the embedded pair, and MNIST in the live part if it is on this machine.
# **Before this**: [02_gradient_reversal](02_gradient_reversal.ipynb).

# %% [markdown]
# ## The batch
#
# Half of every batch of 64 comes from the [source](glossary.ipynb#Source), half from the [target](glossary.ipynb#Target), and each domain is shuffled by itself.

# %%
import torch

from dann_core import load_pair
from dann_core.domains import Batches

pair = load_pair("stripes")
source_images, source_labels = next(Batches(pair.source.train, 32, seed=1))
target_images, _ = next(Batches(pair.target.train, 32, seed=2))
torch.cat([source_images, target_images]).shape

# %% [markdown]
# ## Are target labels used anywhere?
#
# No: look at the underscore. The batch carries the target's labels, and the step throws them away. They are used afterwards, to grade. They must not be used to choose a [checkpoint](glossary.ipynb#Checkpoint) or a lambda either, or the grade is no longer honest; [lesson 07](07_going_further.ipynb#Choosing-a-checkpoint-without-target-labels) comes back to that.

# %% [markdown]
# ## Domains of unequal size
#
# Source and target images of one batch have nothing to do with one another: there are no pairs. So the domains may differ in size. Each starts its own new epoch when it has run out, and the smaller one is seen more often. What must be equal is the two halves of a batch. If three quarters were source, "always say source" would be right three times in four, and the domain classifier's ln 2 would no longer mark guessing.

# %% [markdown]
# ### Exercise: The domain labels · difficulty ●○○ · 4 minutes
#
# The only labels that the target has in training: it is the target. Source is 0.

# %% tags=["exercise-domain_labels"]
import torch


def domain_labels(n_source, n_target):
    """A class number for each image of the batch: first all source (0), then all target (1)."""
    return ...


# %%
from dann_lab.exercises import exercises

exercises.domain_labels.check(domain_labels)

# %% [markdown]
# ## One step
#
# *Short path: 5 minutes.*
#
# Read it from the top: one pass through the [feature extractor](glossary.ipynb#Feature-extractor) for both domains, then two heads. The [label predictor](glossary.ipynb#Label-predictor) sees the source half only. The [domain classifier](glossary.ipynb#Domain-classifier) sees both halves, through the [reversal layer](glossary.ipynb#Gradient-reversal). This is the code that runs:

# %%
import inspect

from IPython.display import Code

from dann_core.training import backpropagate

Code(inspect.getsource(backpropagate), language="python")

# %% [markdown]
# What is left is `optimiser.step()`. The curves below also show each path's own gradient at the features. Another function, `watching`, looks at those from outside, so nothing in the step is there for the picture.

# %% [markdown]
# ### Exercise: One training step · difficulty ●●● · 15 minutes
#
# Now yours. The check builds a tiny network, takes two steps with your function and two with its own, and compares the weights.

# %% tags=["exercise-training_step"]
from torch.nn import functional as F


def training_step(model, optimiser, images, labels, domains, lambda_):
    """One step down the label loss plus the domain loss; returns their sum as a float.

    images: first the source half, then the target half. labels: of the source half only.
    domains: of all images. model(images, lambda_) gives label logits and domain logits.
    """
    ...


# %%
exercises.training_step.check(training_step)

# %% [markdown]
# Your step can drive the moons of the last lesson. Leave out `zero_grad()`, subtract a loss, forget lambda: what do the curves say, and how soon?

# %%
from dann_lab.lessons.playground import Playground

Playground(step=training_step)

# %% [markdown]
# ## Which lambda, and when
#
# At first the domain classifier is noise, and features should not run from noise. So the paper lets [lambda](glossary.ipynb#Lambda) grow from 0 to 1 along `2 / (1 + exp(-gamma p)) - 1`, where p is how far the run has come, and gamma is 10. The learning rate falls along `0.01 / (1 + alpha p)^beta`.
#
# **Predict first**: which gamma makes lambda a straight line, or nearly? Which makes it a constant? Then bend them.

# %%
from dann_lab.lessons.predict import guess

guess("gamma")

# %%
from dann_lab.lessons.demonstrations import bend_schedules

bend_schedules()

# %% [markdown]
# Some code has gamma 1 by mistake. Find it on the slider: lambda then never reaches a half.
#
# {{claim: moons/reverse 1/target ~ moons/reverse/target}}
# Ramp or constant? On the moons of lesson 02 the two cannot be told apart: of the target a constant 1 read {{moons/reverse 1/target}}, the ramp {{moons/reverse/target}} (ten seeds, `python benchmarks/moons.py`). The ramp is the safer choice where a strong push at the start does harm, and further down you will see one that does. At test time lambda plays no part at all. The reversal layer sits in front of the domain classifier, and nobody asks that one any more.

# %% [markdown]
# ### Exercise: When has lambda grown? · difficulty ●●○ · 6 minutes
#
# Read the schedule backwards.

# %% tags=["exercise-progress_at"]
import math


def progress_at(lambda_):
    """The progress p, 0 to 1, at which 2 / (1 + exp(-10 p)) - 1 has come to lambda_ (under 1)."""
    return ...


# %%
exercises.progress_at.check(progress_at)

# %% [markdown]
# ### Exercise: When are the features pushed most? · difficulty ●●○ · 6 minutes
#
# Lambda grows, the learning rate falls, and a step multiplies the two.

# %% tags=["exercise-strongest_pull"]
# A step pushes the features by learning rate * lambda * the domain classifier's gradient. Let that
# gradient be the same all along: at which progress p, 0 to 1, is the push strongest?
#   lambda         2 / (1 + exp(-10 p)) - 1
#   learning rate  0.01 / (1 + 10 p)**0.75
strongest_pull = ...

# %%
exercises.strongest_pull.check(strongest_pull)

# %% [markdown]
# ## Three networks side by side
#
# *Short path: 7 minutes.*
#
# The same first weights, three ways to train: [source-only](glossary.ipynb#Source-only), [DANN](glossary.ipynb#DANN), and [target-only](glossary.ipynb#Target-only), which is allowed the target's labels and so marks what could be reached at best.
#
# **Predict first**: where will DANN's target accuracy lie between the other two?

# %%
guess("between")

# %% [markdown]
# ### Exercise: Predict the domain accuracy · difficulty ●○○ · 2 minutes

# %% tags=["exercise-domain_accuracy"]
# After training with the reversal: which share of the images, half of them source and half
# target, will the domain classifier put in the right domain? A number from 0 to 1.
domain_accuracy = ...

# %%
exercises.domain_accuracy.check(domain_accuracy)

# %% [markdown]
# Now train. Each takes about a quarter of a minute; the next time it is there at once.

# %%
from dann_core import preset
from dann_lab.lessons.networks import trained

networks = {
    name: trained(pair, preset("quick", steps=400, mode=mode), name)
    for name, mode in {"source only": "source", "DANN": "dann", "target only": "target"}.items()
}

# %%
from dann_lab.lessons.demonstrations import compare_runs, recorded_curves

compare_runs(networks, recorded_curves())

# %% [markdown]
# One run proves little. So behind each line there is a band: from the worst to the best of five runs that were recorded with the seeds 0 to 4 (`python benchmarks/lessons.py`). {{claim: lessons/dann/target > lessons/source/target}}The bands of source-only and DANN lie far apart at the end. Does each of your lines end in its own?
#
# 400 steps on 1,200 small digits are a sketch. On real MNIST → MNIST-M it takes longer, and another recipe changes more than the method's name tells. Three seeds each (`python benchmarks/results.py`):
#
# | recipe | steps | source-only | lambda 0 | DANN |
# | --- | --- | --- | --- | --- |
# | *seed*: the tutorial's | 8,600 | {{results/mnist-seed-8600-source/target}} | not measured | {{results/mnist-seed-8600-dann/target}} |
# | *quick* | 4,000 | {{results/mnist-quick-4000-source/target}} | {{results/mnist-quick-4000-still/target}} | {{results/mnist-quick-4000-dann/target}} |
# | *deep* | 2,800 | {{results/mnist-deep-2800-source/target}} | {{results/mnist-deep-2800-still/target}} | {{results/mnist-deep-2800-dann/target}} |
# {{claim: results/mnist-seed-8600-dann/target > results/mnist-seed-8600-source/target}}
# {{claim: results/mnist-quick-4000-dann/target > results/mnist-quick-4000-still/target}}
# {{claim: results/mnist-deep-2800-dann/target > results/mnist-deep-2800-still/target}}
#
# *Lambda 0* is DANN with the reversal switched off, so what DANN has above it is the reversal's. From source-only it differs in two things: batch norm sees the target's images too, and a step has 32 labelled images instead of 64. On MNIST-M it reads less than source-only.
# {{claim: results/mnist-quick-4000-still/target < results/mnist-quick-4000-source/target}}
# {{claim: results/mnist-deep-2800-still/target < results/mnist-deep-2800-source/target}}

# %% [markdown]
# ## One network, two ways back
#
# Here is DANN's run as a picture of the network, step by step. Forward goes the image, to both losses. Back come two gradients, and they meet at the features: one down the label loss, one that the reversal layer has turned round. The numbers beside the arrows are their norms there, and the broad arrow is as wide as lambda.
#
# **Predict first**: in the first step lambda is 0. How much of the domain gradient reaches the features then, and how much in the last?

# %%
guess("reaches")

# %%
from dann_lab.lessons.diagram import NetworkDiagram

NetworkDiagram(networks["DANN"])

# %% [markdown]
# ## What a domain loss of ln 2 means
#
# *Short path: 4 minutes.*
#
# DANN's losses, step by step: the label loss, and the [domain loss](glossary.ipynb#Domain-loss). The dotted line is [ln 2](glossary.ipynb#ln-2) = 0.69.

# %%
from dann_lab.figures import curves, sentences
from dann_lab.widgets.base import Plot

dann = networks["DANN"]
Plot(
    lambda theme: curves.losses(dann.history, theme),
    "Losses of DANN",
    sentences.about_losses(dann.history, dann.recipe),
)

# %% [markdown]
# A domain classifier that cannot tell the domains apart says "half and half" of every image, and the loss of that is exactly ln 2. So a domain loss that comes back to ln 2 and *stays near it* is not broken; it is the goal.
#
# Some code takes the mean over each half and adds the two. Then guessing costs 2 ln 2 = 1.386, and more has changed than the scale of a curve. The domain classifier's gradient and the reversed one are both twice as large; with SGD that is as if the classifier's learning rate and lambda had been doubled. The JMLR paper's equation 10 is written that way, so a lambda from there counts twice here. (The check of *One training step* knows the sum by name.)
#
# It is no proof of success either. A domain classifier that never learnt anything has the same loss: look at whether it once was lower, and at the target's accuracy.
#
# Nor does success need it. In five recorded runs like yours the domain loss fell to {{lessons/dann/domain_loss_lowest}} (a mean over 20 steps), and came only part of the way back, to {{lessons/dann/domain_loss_end}}: {{claim: lessons/dann/domain_loss_end > lessons/dann/domain_loss_lowest}}{{claim: lessons/dann/domain_loss_end < 0.69}}the features deceive the classifier more and more, and it keeps learning too.

# %% [markdown]
# ## What the domain accuracy should be
#
# No single value of the [domain accuracy](glossary.ipynb#Domain-accuracy) is right. At 50 % the classifier guesses, which is where the theory's ideal features would bring it. Near 100 % the features still show the domain, in some direction; the label predictor may read others. In the five recorded runs it ended at {{lessons/dann/domain as percents}}, while the target had gone from {{lessons/source/target as percent}} (source-only) to {{lessons/dann/target as percent}}. With another network and twice the steps (*deep*, in the next lesson) it ended at {{lessons/deep dann/domain as percents}}, and the target at {{lessons/deep dann/target as percent}}: {{claim: lessons/deep dann/domain < lessons/dann/domain}}{{claim: lessons/deep dann/target ~ lessons/dann/target}}one classifier is hardly deceived, the other does little better than guessing, and the two targets cannot be told apart. So ask first whether the target has gained. If it has not, and the classifier is always right, lambda may be too small.
#
# And 50 % alone proves nothing, so read it together with the loss. A subtracted loss (lesson 02) also ends at {{moons/subtract 1/domain as percent}}: the classifier shouts one domain for everything, which is right for every other point, at a loss of {{moons/subtract 1/loss as whole}} where honest guessing costs 0.69.
#
# In the tutorial's own run on MNIST-M it ended at .669; with the same recipe ours ended at {{results/mnist-seed-8600-dann/domain}}, and *quick* at {{results/mnist-quick-4000-dann/domain}}, over three seeds each (`docs/results.md`).

# %%
Plot(
    lambda theme: curves.accuracies(dann.history, theme),
    "Accuracies of DANN",
    sentences.about_accuracies(dann.history, dann.recipe),
)

# %% [markdown]
# ## When lambda is too high
#
# First the network of *quick*, with lambda held at 0, 1 and 2 for 150 steps.
#
# **Predict first**: which of the three will be best on the source, and which on the target?

# %%
guess("held")

# %%
held = {
    f"lambda {value}": trained(pair, preset("quick", steps=150, lambda_=value), f"lambda {value}")
    for value in (0.0, 1.0, 2.0)
}
compare_runs(held)

# %% [markdown]
# All three learn, and the source pays for it: over five seeds, after 150 steps, lambda 0, 1 and 2 read {{lessons/lambda 0/source}}, {{lessons/lambda 1/source}} and {{lessons/lambda 2/source}} of it. {{claim: lessons/lambda 1/source < lessons/lambda 0/source}}{{claim: lessons/lambda 2/source < lessons/lambda 0/source}}Of the target they read {{lessons/lambda 0/target}}, {{lessons/lambda 1/target}} and {{lessons/lambda 2/target}}: {{claim: lessons/lambda 1/target > lessons/lambda 0/target}}{{claim: lessons/lambda 1/target ~ lessons/lambda 2/target}}lambda 1 is ahead of 0, and 2 cannot be told from 1 (`python benchmarks/lessons.py`). [Batch norm](glossary.ipynb#Batch-norm) keeps the features from growing. The tutorial's network, *seed*, has none. Hold lambda at 2 there from the first step, where the schedule would begin at 0. (On the pair over photos: on stripes {{too_strong/stripes/held/overflowed as whole}} of five such runs overflowed before the end.)
#
# **Predict first**: what will the label loss be? (Ten classes; guessing costs ln 10 = 2.30.)

# %%
guess("blown-up")

# %%
photos = load_pair("digits")
strong = trained(photos, preset("seed", steps=120, lambda_=2.0), "lambda 2")
Plot(
    lambda theme: curves.losses(strong.history, theme),
    "Losses with lambda 2 from the first step",
    sentences.about_losses(strong.history, strong.recipe),
)

# %% [markdown]
# The label predictor ends at guessing. The push away from the domain loss, twice as strong as what the classifier can follow, has blown the features up: {{too_strong/digits/held/growth as wholes}} times their spread at the start, in five runs. Under such numbers the first hidden units of both heads went off: {{claim: too_strong/digits/held/label_on < 0.01}}{{claim: too_strong/digits/held/domain_on < 0.01}}fewer than 1 in 100 was still on, over units and images. A unit that is off for every image has no gradient. So it is too late to lower lambda: set to 0 at step 61, for another 60 steps, {{claim: too_strong/digits/lowered/recovered < 1}}none of five such runs recovered. (`python benchmarks/too_strong.py`)
#
# With 50 it does not even take that long. The numbers overflow, and the trainer stops before the damage reaches the stored weights:

# %%
from dann_core import Trainer
from dann_core.errors import TrainingDiverged

try:
    list(Trainer(pair, preset("seed", steps=60, lambda_=50.0), device="cpu"))
except TrainingDiverged as error:
    print(error)

# %% [markdown]
# ## Now live
#
# *Short path: 8 minutes.*
#
# The same loop, with your hands on it. It trains beside the page, so lambda may move at any time; the next step uses it.
#
# **Predict first**, then try:
#
# 1. Press **Train** with the paper's schedule. Watch the target's accuracy.
# 2. **Reset** (same initial weights). Set lambda *by hand* to 0 and train again. Which curves change most, and which way does the source's accuracy go?
# 3. In the middle of a run, drag lambda to 1, then to 2. What happens to the reversed gradient, and what to the domain loss? Drag it back.
# 4. Choose the recipe *seed*, and lambda 2 by hand from the start. *Quick* holds at 2; does *seed*?

# %%
from dann_lab.live.dashboard import dashboard

dashboard()

# %% [markdown]
# ## Put together by you
#
# Of a network for DANN three parts are needed, whatever is inside: images become features, features become classes, features become domains. Here is a small one. Make it deeper or wider, give the domain classifier a layer more, put in batch norm; your training step from above trains it.
#
# **Predict first**: will it read more of the target than the networks above, or less?

# %%
from torch import nn

from dann_core import DANN


def my_network(recipe, inputs):
    """Images [B, 3, 28, 28] -> 768 features -> ten classes, and two domains."""
    one = [nn.Conv2d(3, 32, 5), nn.ReLU(), nn.MaxPool2d(2)]
    two = [nn.Conv2d(32, 48, 5), nn.ReLU(), nn.MaxPool2d(2)]
    features = nn.Sequential(*one, *two, nn.Flatten())
    return DANN(features, nn.Linear(768, 10), nn.Linear(768, 2))


# %%
from dann_lab.lessons.demonstrations import yours_beside

yours_beside(networks, preset("quick", steps=400), step=training_step, network=my_network)

# %% [markdown]
# Whatever came out: one run is one seed. `preset("quick", steps=400, seed=1)` is another.

# %% [markdown]
# ## Quiz

# %%
from dann_lab.lessons.quiz import quiz

quiz("03_training")

# %% [markdown]
# ## You saw
#
# * A step adds two losses; the target's labels are nowhere in it.
# * Lambda grows because at first there is nothing worth running from.
# * A domain loss near ln 2 means that the domain classifier guesses. Whether that is good news, the target's accuracy says.
# * Too high a lambda, too early, blows the features up until the heads go dead, or overflows.
# * A step and a network of your own, in twenty lines, are a whole DANN.
#
# **Next**: [04_feature_maps](04_feature_maps.ipynb)
