# Lesson 01. `make lessons` makes notebooks/01_two_domains.ipynb and its solution edition from this file.

# %% [markdown]
# # Two domains
#
# After this lesson you can
#
# * say what a source and a target domain are, and build the target's images from the source's,
# * measure how far a network trained in one domain falls in the other, and name its mistakes,
# * see in the pixels themselves why it falls.
#
# **Time** about 25 minutes on a laptop's CPU, half a minute of it training. **Memory** under 1.2 GB. **Download** none: the embedded pair.
# **Before this**: [00_start_here](00_start_here.ipynb).

# %% [markdown]
# ## Where the data comes from
#
# The paper's pair is MNIST → MNIST-M: handwritten digits, and the same kind of digits over patches of photographs. Most links to a ready-made MNIST-M are dead by now, and the copies that are left differ from one another. So this project never downloads it. It *builds* it, from MNIST and the BSDS500 photographs, with a seed; two people with the same seed have the same images, bit for bit.
#
# These lessons need neither. They use a small pair that is made the same way from what ships with scikit-learn: its 1,797 handwritten digits, and its two sample photographs.

# %%
from dann_core import load_pair

pair = load_pair("digits")
pair.build

# %% [markdown]
# `build` names the exact data set. Keep it beside every accuracy that you report: accuracies on two builds cannot be compared with each other.
#
# With MNIST on this machine (`dann data fetch` brings it), `load_pair("mnist")` gives the paper's pair, and everything below works on it too.

# %% [markdown]
# ## Look at both
#
# The [source](glossary.ipynb#Source) has labels. The [target](glossary.ipynb#Target) has labels too, but they stay in the drawer: training never sees them, and we use them only to grade. Here are ten test images of each.

# %%
from dann_lab.figures.images import images_grid

source, target = pair.source.test, pair.target.test
images_grid(source.images[:10], source.labels[:10])

# %%
images_grid(target.images[:10], target.labels[:10])

# %% [markdown]
# You read the second row without effort. What changed is everything but the digit: colour, texture, and which of ink and paper is the brighter one.
#
# In this small pair the two rows show the same ten digits. Training makes no use of that: it shuffles each domain by itself, so an image and its twin meet by chance only.

# %% [markdown]
# ## The blend
#
# One target image is `|patch - digit|`, pixel by pixel: a patch of a photograph, 28 by 28, minus the digit, without its sign. Paper is 0 and ink is 255.
#
# **Predict first**: what happens to the photograph under the ink? Is the digit always brighter than what is around it? Then drag the window over light and dark parts of the photograph.

# %%
from dann_lab.lessons.blending import Blend

Blend(pair)

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
# Stuck? Run `exercises.blend.hint()`, again for the next hint; `exercises.blend.solution()` shows one way.

# %% [markdown]
# ## One mean for both
#
# A network learns faster from numbers around 0, so the mean pixel is taken away from every image first. Which mean: the source's, the target's, or that of both?
#
# **Predict first**: which domain is the brighter one, and does the mean differ between red, green and blue?

# %%
from dann_lab.lessons.demonstrations import pixel_mean_picture

pixel_mean_picture(pair)

# %% [markdown]
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
# Stuck? Run `exercises.pixel_mean.hint()`, again for the next hint; `exercises.pixel_mean.solution()` shows one way.

# %% [markdown]
# ## A network that knows one domain
#
# Now train a network in the plain way, on the source and its labels alone. It is called [source-only](glossary.ipynb#Source-only), and it is what adaptation will have to beat. 300 steps take about half a minute; the next time the finished network is there at once.
#
# **Predict first**: the target shows the same ten digits. If the network gets 95 of 100 source images right, how many of the target's? Guessing would give 10.

# %%
from dann_core import preset
from dann_lab.lessons.networks import trained

source_only = trained(pair, preset("quick", steps=300, mode="source"), "source only")
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
# On the source it is right more than nine times in ten, on the target about every other time. (In our run of the cells above 94 % and 55 %. Yours may differ a little: another processor rounds in another way.) More steps do not help (twice as many gave 94 % and 54 %), for nothing in this training rewards features that carry over.

# %% [markdown]
# ## Which digits, and how
#
# A row is what the digit is, a column what the network says; right answers are framed.
#
# **Predict first**: when the network does not know, will its mistakes spread evenly over the columns?

# %%
from dann_lab.lessons.demonstrations import confusions

confusions(source_only)

# %% [markdown]
# Switch from source to target. The mistakes do not spread evenly: some columns attract digits of every kind. (In our run the 7 did: 70 of the 180 wrong answers.)

# %% [markdown]
# ## What it cannot read
#
# In the source the ink is always lighter than the ground. In the target it may be either. The next picture sorts the target's test images by it: at the left dark ink on a light ground, at the right light ink on a dark one.
#
# **Predict first**: how do the bars run?

# %%
from dann_lab.lessons.demonstrations import by_contrast

by_contrast({"source only": source_only})

# %% [markdown]
# There is the gap. Light ink on a dark ground it reads nearly as well as the source, colours and all: in our run more than nine in ten at the right. Dark ink on a light ground it has never seen, and reads none of it: not one of the 82 images at the left. To guess would be better.
#
# So "the network does not transfer" has a plain reason here, and it is one that you can see in a picture. Look for it whenever a network fails in a new domain, before you reach for a method.

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
# Stuck? Run `exercises.worst_confusion.hint()`, again for the next hint; `exercises.worst_confusion.solution()` shows one way.
#
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
from dann_lab.lessons.demonstrations import pixel_map

pixel_map(pair)

# %% [markdown]
# By neither: by brightness. All the source's images stand in one thin heap at the left, for black paper is the same in each. The target's are strewn far to the right, the further the brighter their photograph. The digit decides only about up and down. The sentence says how seldom a point has neighbours from the other domain. That the same classes look so different is called [domain shift](glossary.ipynb#Domain-shift).
#
# In these coordinates no rule learnt in the heap can be trusted out there. So adaptation does not move the pixels. It looks for *features*, computed from the pixels, in which the two clouds lie on each other and the digits still lie apart. The next lesson shows the one small layer that does it.

# %% [markdown]
# ## Quiz

# %%
from dann_lab.lessons.quiz import quiz

quiz("01_two_domains")

# %% [markdown]
# ## You saw
#
# * A domain is a way of showing the same classes. The source has labels; the target's serve for grading only.
# * The target is built, not downloaded: `|patch - digit|`, in signed arithmetic, with a seed.
# * A network trained on the source alone is right nearly always there and about every other time on the target. It fails where the ink is darker than the ground, which the source never shows.
# * In pixel space the photograph decides where an image lies, and the digit hardly does.
#
# **Next**: [02_gradient_reversal](02_gradient_reversal.ipynb)
