# The first lesson. `make lessons` makes notebooks/00_start_here.ipynb from this file.

# %% [markdown]
# # Start here
#
# Two networks learn to read digits. Both are shown plain digits and are told which is which. The second is also shown digits behind stripes, and nobody tells it which is which. Click into the second of the two cells below, press Shift+Enter to run it, then press **Play**: which network learns to read behind the stripes?

# %%
from dann_lab.runs.player import first_look

first_look()

# %% [markdown]
# {{claim: results/stripes-deep-800-dann/target > results/stripes-deep-800-source/target}}
# On all 400 test digits behind stripes, and over five such pairs of runs, the first reads {{results/stripes-deep-800-source/target as percent}}, the second {{results/stripes-deep-800-dann/target as percent}}. The second one is trained by [DANN](glossary.ipynb#DANN), domain-adversarial training, which gets it there by turning one gradient round. In these lessons you see how, move its knobs, and write its pieces yourself.
#
# After all lessons you can
#
# * say what [gradient reversal](glossary.ipynb#Gradient-reversal) does to each part of the network, and show it on numbers you can follow by hand,
# * train a network that adapts to an unlabelled domain, and tell from its curves whether it does,
# * judge such a network honestly: with a probe beside the map, and without peeking at the labels of the [target](glossary.ipynb#Target).
#
# **Time** about 10 minutes. **Memory** under 1 GB. **Download** none.
# **Before this**: some Python, and the idea of gradient descent.

# %% [markdown]
# ## Now with the paper's data, and maps
#
# Three networks with the same first weights learnt to read the digits of MNIST, the [source](glossary.ipynb#Source). One saw nothing else ([source-only](glossary.ipynb#Source-only)). The other two also saw MNIST-M without labels: DANN, and its control, whose [lambda](glossary.ipynb#Lambda) is 0, so that nothing is reversed. All were recorded on the way; nothing has to be trained. Drag the time line, or press **Play**: when do the triangles, which are target images, begin to find their digit?

# %%
from dann_lab.runs.player import recorded

recorded()

# %% [markdown]
# {{claim: results/mnist-quick-4000-dann/target > results/mnist-quick-4000-still/target}}
# Over three such runs each, after 4,000 steps and on all 10,000 target test images, source-only read {{results/mnist-quick-4000-source/target as percent}}, lambda 0 {{results/mnist-quick-4000-still/target as percent}}, DANN {{results/mnist-quick-4000-dann/target as percent}}. How, and what the maps do not show, is what the lessons are about. Choose *domain* under **Colour by** to see what adaptation works on.

# %% [markdown]
# ## The lessons
#
# {{lessons}}
#
# Each lesson stands on the ones before it. Words of the field are explained in the [glossary](glossary.ipynb), and linked where a lesson first uses them.

# %% [markdown]
# ## Half an evening: the short path
#
# You have little time? Then do these sections, in this order, and leave out the rest, exercises too. They bear the words *Short path*. A lesson's cells build on each other, so choose **Run → Run All Above Selected Cell** when you jump to a section; what you skip runs in seconds, but for the networks, which take half a minute.
#
# {{short path}}

# %% [markdown]
# ## Is this machine ready?
#
# Run the next cell: click it and press Shift+Enter. It looks at what the lessons need and says what to do about what is missing. It changes nothing.

# %%
from dann_lab.lessons.checkup import checkup

checkup()

# %% [markdown]
# Below the table there should be a line that starts with ✓ and says that widgets work. If it is not there, reload the page and run the cell again; if that does not help, open this folder with `make lab`, which brings a JupyterLab that fits.

# %% [markdown]
# ## With MNIST or without
#
# Everything works with a pair of domains that is built in: scikit-learn's handwritten digits, plain, and behind stripes. It needs no download, and a network trains on it in about a quarter of a minute. A second one is built in too, `load_pair("digits")`: the same digits over patches of two photographs.
#
# The pair of the paper, MNIST → MNIST-M, can be added at any time: type `dann data fetch` in a terminal, or press the button on the page of [05_dashboard](05_dashboard.ipynb). It fetches MNIST (12 MB) and the BSDS500 photos (71 MB); MNIST-M itself is made from the two on this machine. Files that you have already are found through the environment variable `DANN_DATA`.

# %%
from dann_core import load_pair

pair = load_pair("stripes")
print(f"source: {pair.source.name}, {len(pair.source.train):,} images to train on")
print(f"target: {pair.target.name}, {len(pair.target.train):,} images to train on")

# %% [markdown]
# ## How to work with a lesson
#
# * **Predict first.** Where a lesson asks what will happen, say it in the box below before you move the slider. What came out appears with it, and nobody marks it: a wrong guess teaches more than a right one.
# * **Exercises** hold a cell with `...` where your answer goes. Run it, then the check below it: the check says right, names what is wrong, or tells you that nothing has been attempted yet. Nothing is sent anywhere.
# * **Stuck?** Run the check: below what it says are buttons with hints. Each stays open when you open the next. `exercises.blend.solution()` shows one way to solve the exercise `blend`.
# * **Solution editions** of the lessons, with every answer filled in, are in the folder `solutions`, in the list of files on the left.
# * **Quizzes** close each lesson. Choose an answer with the mouse, or move with the arrow keys and choose with Space; you are told at once why it is right or wrong, and may choose again.
# * **Moving pictures** have a sentence beside them that says what they show, work by keyboard, and follow the light or dark theme of the page.
# * **Memory.** Each lesson that is open has a Python of its own (a kernel), which takes 0.5 to 1.1 GB. `dann lab` ends it when you close the lesson's tab. Where all of them take more than 2 GB, it ends the one that you left alone the longest, and after an hour alone any. A bar at the top of the lesson says so. What the live page trained is kept first, in the folder `runs`. Variables are lost: **Kernel → Restart Kernel and Run All Cells** makes them again. `dann lab --memory 0` ends none but those of closed tabs.
# * **On Binder** a machine is lent to you. It is taken back after about ten minutes in which nothing happens; then open the link again. Download what you want to keep.
# * **Stopping**: the black square in the toolbar stops a cell. Networks that are trained are kept on this machine, so the next time they are there at once.

# %% [markdown]
# ## Questions that learners ask
#
# These come up again and again where people share code for domain-adversarial training. Each one has a section that answers it.
#
# 1. Why is the domain loss *added*, when the paper writes minus lambda? Who descends what? → [Who descends what](02_gradient_reversal.ipynb#Who-descends-what)
# 2. My domain loss is stuck near 0.69 (or, summed over both domains, 1.39). Is it broken? → [What a domain loss of ln 2 means](03_training.ipynb#What-a-domain-loss-of-ln-2-means)
# 3. The target gets better, and yet the domain accuracy is near 100 %. What should it be? → [What the domain accuracy should be](03_training.ipynb#What-the-domain-accuracy-should-be)
# 4. With a high lambda my losses become NaN. Why? → [When lambda is too high](03_training.ipynb#When-lambda-is-too-high)
# 5. I cannot reproduce the paper. Why do some report 94 % and others 67 %? → [Why papers disagree](07_going_further.ipynb#Why-papers-disagree)
# 6. Which lambda is used at test time? And is a ramp better than a constant? → [Which lambda, and when](03_training.ipynb#Which-lambda,-and-when)
# 7. Are target labels used anywhere? → [Are target labels used anywhere?](03_training.ipynb#Are-target-labels-used-anywhere?)
# 8. What if the domains differ in size? Does it matter which images are paired? → [Domains of unequal size](03_training.ipynb#Domains-of-unequal-size)
# 9. Should batch norm see both domains together, or each by itself? → [Batch norm: shared or separate statistics](07_going_further.ipynb#Batch-norm:-shared-or-separate-statistics)
# 10. Which checkpoint do I keep, when I have no target labels? → [Choosing a checkpoint without target labels](07_going_further.ipynb#Choosing-a-checkpoint-without-target-labels)
# 11. The links to the data are dead. Where does it come from? → [Where the data comes from](01_two_domains.ipynb#Where-the-data-comes-from)

# %% [markdown]
# ## Your evening
#
# What you have done so far, on this machine: nothing of it is sent anywhere. Run the cell again when you come back, or type `dann progress` in a terminal.

# %%
from dann_lab.evening import your_evening

your_evening()

# %% [markdown]
# ## You saw
#
# * what the lessons are, and what each one takes,
# * whether this machine is ready for them,
# * where to look when a question comes up.
#
# **Next**: [01_two_domains](01_two_domains.ipynb), the two looks of the same ten digits.
