# Lesson 01. `make lessons` makes notebooks/01_two_domains.ipynb and its solution edition from this file.

# %% [markdown]
# # Two domains
#
# After this lesson you can
#
# * say what a source and a target domain are, and build a target's images from a source's,
# * measure how far a network trained in one domain falls in the other, and name its mistakes,
# * see in the pixels themselves why it falls.
#
# **Time** about 25 minutes on a laptop's CPU, a quarter of a minute of it training. **Memory** under 1.2 GB. **Download** none: the embedded pair.
# **Before this**: [00_start_here](00_start_here.ipynb).

# %% [markdown]
# ## Where the data comes from
#
# The paper's pair is MNIST → MNIST-M: handwritten digits, and the same kind of digits over patches of photographs. Most links to a ready-made MNIST-M are dead by now, and the copies that are left differ from one another. So this project never downloads it. It *builds* it, from MNIST and the BSDS500 photographs, with a seed; two people with the same seed have the same images, bit for bit.
#
# These lessons need neither. They use a small pair that is built from what ships with scikit-learn: its 1,797 handwritten digits, plain, and the same digits behind stripes. Such stripes, a moiré, are what a camera sees of a screen, or a scanner of a printed pattern.

# %%
from dann_core import load_pair

pair = load_pair("stripes")
pair.build

# %% [markdown]
# `build` names the exact data set. Keep it beside every accuracy that you report: accuracies on two builds cannot be compared with each other.
#
# There are two more pairs, here and on the live page: `load_pair("digits")`, the same digits over two photographs, and with MNIST on this machine (`dann data fetch` brings it) `load_pair("mnist")`, the paper's.

# %% [markdown]
# ## Look at both
#
# *Short path: 3 minutes.*
#
# The [source](glossary.ipynb#Source) has labels. The [target](glossary.ipynb#Target) has labels too, but they stay in the drawer: training never sees them, and we use them only to grade. Here are ten test images of each.

# %%
from dann_lab.figures.images import images_grid

source, target = pair.source.test, pair.target.test
images_grid(source.images[:10], source.labels[:10])

# %%
images_grid(target.images[:10], target.labels[:10])

# %% [markdown]
# You read most of the second row without effort. What changed is everything but the digit: the ink is fainter, and the ground is no longer black.
#
# In this small pair the two rows show the same ten digits. Training makes no use of that: it shuffles each domain by itself, so an image and its twin meet by chance only.

# %% [markdown]
# ## Behind stripes
#
# *Short path: 3 minutes.*
#
# A striped image is made in two steps. The digit is made fainter, so that full ink, 255, becomes `INK`. Then a sine is added, from 0 in its dark lines to `LIGHT` in its bright ones, and what is above 255 is cut off. Where the stripes begin, how wide they are and how they slope is drawn for each image, with a seed.

# %%
from dann_core.datasets import stripes

stripes.INK, stripes.LIGHT

# %%
import torch

from dann_lab.lessons.demonstrations import fading_in

fainter = fading_in(pair)[0]
steps = torch.stack([source.images[0], fainter[0], target.images[0]])
images_grid(steps, ["the digit", "fainter", "behind stripes"], columns=3, side=96)

# %% [markdown]
# A bright line is brighter than the ink. So "where it is bright, there is the digit", which is true of the source, is wrong here.

# %% [markdown]
# ## The blend
#
# MNIST-M is made in another way, and so is the small pair over photographs:

# %%
photos = load_pair("digits")
images_grid(photos.target.test.images[:10], photos.target.test.labels[:10])

# %% [markdown]
# One such image is `|patch - digit|`, pixel by pixel: a patch of a photograph, 28 by 28, minus the digit, without its sign. Paper is 0 and ink is 255.
#
# **Predict first**: what happens to the photograph under the ink? Is the digit always brighter than what is around it? Then drag the window over light and dark parts of the photograph.

# %%
from dann_lab.lessons.predict import guess

guess("ink")

# %%
from dann_lab.lessons.blending import Blend

Blend(photos)

# %% [markdown]
# Under the ink a photograph turns into its negative: 255 minus what it was. So the digit is dark on bright sky and bright on a dark roof, and where the photograph is middling grey it nearly disappears.
#
# Now switch the arithmetic to *unsigned*. Images are kept as `uint8`, whole numbers from 0 to 255 that know no minus: 10 - 255 wraps round to 11. The digit is gone, and no error was raised. This mistake is easy to make and hard to find, since the images still look like photographs.

# %% [markdown]
# ### Exercise: Blend a digit into a photo · difficulty ●○○ · 5 minutes
#
# Write the blend so that nothing wraps round. The result must be `uint8` again, and the two images you are given must stay as they are.

# %% tags=["exercise-blend"]
import numpy as np


def blend(patch, digit):
    """|patch - digit|: two uint8 arrays [28, 28, 3] in, a new one out."""
    return ...


# %%
from dann_lab.exercises import exercises

exercises.blend.check(blend)

# %% [markdown]
# ## One mean for both
#
# A network learns faster from numbers around 0, so the mean pixel is taken away from every image first. Which mean: the source's, the target's, or that of both?
#
# **Predict first**: which domain is the brighter one?

# %%
guess("brighter")

# %%
from dann_lab.lessons.demonstrations import pixel_mean_picture

pixel_mean_picture(pair)

# %% [markdown]
# (These images are grey, so red, green and blue are alike. Over photographs they differ.)
#
# One mean over both training sets together goes with both domains. It needs the target's images, but not their labels, so it is fair. And it does not make the domains alike: both move by the same amount, so the gap between them stays.

# %% [markdown]
# ### Exercise: One mean for both domains · difficulty ●○○ · 5 minutes
#
# Give the mean of each channel over all images of both sets. Mind that one set may be larger than the other.

# %% tags=["exercise-pixel_mean"]
import numpy as np


def pixel_mean(source, target):
    """The mean of each channel over both sets' images together.

    uint8 arrays [N, 28, 28, 3] and [M, 28, 28, 3] -> three numbers, 0-255.
    """
    return ...


# %%
exercises.pixel_mean.check(pixel_mean)

# %% [markdown]
# ## A network that knows one domain
#
# *Short path: 5 minutes.*
#
# Now train a network in the plain way, on the source and its labels alone. It is called [source-only](glossary.ipynb#Source-only), and it is what adaptation will have to beat. 400 steps take about a quarter of a minute; the next time the finished network is there at once.
#
# **Predict first**: the target shows the same ten digits. If the network gets 95 of 100 source images right, how many of the target's? Guessing would give 10.

# %%
guess("source-only")

# %%
from dann_core import preset
from dann_lab.lessons.networks import trained

source_only = trained(pair, preset("quick", steps=400, mode="source"), "source only")
source_only.history.evaluations[-1]

# %%
from dann_lab.figures import curves, sentences
from dann_lab.widgets.base import Plot

Plot(
    lambda theme: curves.accuracies(source_only.history, theme),
    "Accuracy on test images",
    sentences.about_accuracies(source_only.history, source_only.recipe),
)

# %% [markdown]
# Five such networks, which differ only in the seed, read {{lessons/source/source as percents}} of the source and {{lessons/source/target as percents}} of the target. (Yours may differ from ours even with the same seed: another processor rounds in another way.) The source's figures lie close together, the target's far apart: nothing in this training asks for the target, so there chance decides. After twice as many steps the five read {{lessons/source, longer/target as percents}} of the target: no difference that stands out from that chance.
# {{claim: lessons/source/source > 0.9}}
# {{claim: lessons/source/source > lessons/source/target}}
# {{claim: lessons/source, longer/target ~ lessons/source/target}}

# %% [markdown]
# ## Which digits, and how
#
# A row is what the digit is, a column what the network says; right answers are framed.
#
# **Predict first**: when the network does not know, will its mistakes spread evenly over the columns?

# %%
guess("mistakes")

# %%
from dann_lab.lessons.demonstrations import confusions

confusions(source_only)

# %% [markdown]
# Switch from source to target. The mistakes do not spread evenly: one column attracts digits of nearly every kind. In our five networks a single favourite digit took {{lessons/source/favourite as percents}} of the wrong answers; the sentence says how it is in yours.
# {{claim: lessons/source/favourite > 0.5}}

# %% [markdown]
# ## What it cannot read
#
# *Short path: 4 minutes.*
#
# Two things have changed in the target: the ink is fainter, and there are stripes. Which of them is it? Take the source's test digits, make their ink as faint as the target's, and let the stripes fade in.
#
# **Predict first**: how will the curve begin, and where will it fall?

# %%
guess("fading")

# %%
from dann_lab.lessons.demonstrations import by_light

by_light({"source only": source_only})

# %% [markdown]
# At the left there are no stripes, only the fainter ink, and that costs nothing: our five networks read {{lessons/source/no_stripes}} of these images, and {{lessons/source/source}} of the source's own. (Each image is brought to the same contrast before the first convolution.) Half as bright as in the target the stripes leave them {{lessons/source/half_as_bright}}, and as bright as in the target {{lessons/source/target}}. The digits are the same all the time. So it is the stripes.
# {{claim: lessons/source/no_stripes ~ lessons/source/source}}
# {{claim: lessons/source/half_as_bright < lessons/source/no_stripes}}
# {{claim: lessons/source/target < lessons/source/half_as_bright}}
#
# Change one thing, and keep all others: look for the cause in this way whenever a network fails in a new domain, before you reach for a method.

# %% [markdown]
# ### Exercise: Which digit is taken for which? · difficulty ●●○ · 8 minutes
#
# Find the most frequent wrong pair, as a pair (what it is, what the network says).

# %% tags=["exercise-worst_confusion"]
from collections import Counter


def worst_confusion(labels, predictions):
    """The most frequent wrong pair: (true class, predicted class).

    Two arrays [N] of whole numbers, 0-9, one entry an image.
    """
    return ...


# %%
exercises.worst_confusion.check(worst_confusion)

# %% [markdown]
# Then try yours on the network above:

# %%
from dann_core import predict

said = predict(source_only.model, pair, target.images).labels
worst_confusion(target.labels.cpu(), said.cpu())

# %% [markdown]
# ## Two clouds
#
# To a network an image is a point with 28 × 28 × 3 = 2,352 coordinates. [PCA](glossary.ipynb#PCA) turns the cloud of all images so that we look at its two widest directions. Circles are the source, triangles the target; the colour and the number say which digit.
#
# **Predict first**: will the widest direction sort the images by digit, by domain, or by something else?

# %%
guess("widest")

# %%
from dann_lab.lessons.demonstrations import pixel_map

pixel_map(pair)

# %% [markdown]
# By domain: the two heaps stand apart, and **Colour by** *domain* shows nothing else. The digit has some say in the other direction: the 4s are at the same end of both heaps. The sentence says how many of a point's neighbours come from the other domain. That the same classes look so different is called [domain shift](glossary.ipynb#Domain-shift).
#
# In these coordinates no rule learnt in one heap can be trusted in the other. So adaptation does not move the pixels. It looks for *features*, computed from the pixels, that tell of the digit and not of the domain. The next lesson shows the one small layer that pushes them there, and lesson 04 measures how far they get.

# %% [markdown]
# ## Quiz

# %%
from dann_lab.lessons.quiz import quiz

quiz("01_two_domains")

# %% [markdown]
# ## You saw
#
# * A domain is a way of showing the same classes. The source has labels; the target's serve for grading only.
# * The target is built, not downloaded, with a seed: stripes over a fainter digit here, `|patch - digit|` in signed arithmetic for MNIST-M.
# * A network trained on the source alone is right more than nine times in ten there, and far less often on the target. It is the stripes that it cannot read through; the fainter ink costs it nothing.
# * In pixel space the domain decides where an image lies, far more than the digit.
#
# **Next**: [02_gradient_reversal](02_gradient_reversal.ipynb)
