# Lesson 02. `make lessons` makes notebooks/02_gradient_reversal.ipynb and its solution edition from this file.

# %% [markdown]
# # Gradient reversal
#
# After this lesson you can
#
# * write the layer that turns a gradient round, and follow it on numbers by hand,
# * say which part of the network goes down which loss, and where the minus sign of the paper is,
# * watch each point's gradients move its features, and tell the right way from two wrong ones.
#
# **Time** about 35 minutes on a laptop's CPU, no waiting. **Memory** under 1 GB. **Download** none: the data is drawn in the plane.
# **Before this**: [01_two_domains](01_two_domains.ipynb).

# %% [markdown]
# ## A guesser to be fooled
#
# Lesson 01 ended with a wish: features in which the two [domains](glossary.ipynb#Source) look alike. Who says whether they do? A second, small network on top of the features: the [domain classifier](glossary.ipynb#Domain-classifier). It looks at a feature and guesses: source or [target](glossary.ipynb#Target)?
#
# If it guesses well, the features still show the domain. So the [feature extractor](glossary.ipynb#Feature-extractor) should learn to make it guess *badly*, while the [label predictor](glossary.ipynb#Label-predictor) learns the labels of the source. Both at once, in one pass. It takes one layer.

# %% [markdown]
# ## The layer
#
# [Gradient reversal](glossary.ipynb#Gradient-reversal) does nothing on the way forward. On the way back it multiplies the gradient by minus [lambda](glossary.ipynb#Lambda). This is the code that runs in every lesson:

# %%
import inspect

from IPython.display import Code

from dann_core import reversal

Code(inspect.getsource(reversal.Reversal), language="python")

# %% [markdown]
# `setup_context` puts lambda aside for later. It is a copy of the value, so a slider that moves between the forward and the backward pass cannot change a gradient that is under way. The second value that `backward` returns is lambda's own gradient: `None`, for lambda is set, not learnt. `generate_vmap_rule` lets `torch.func.vmap` have the layer as well; no lesson needs that.

# %% [markdown]
# ## Forward and back, step by step
#
# Two features, 1 and 3. Forward, they pass unchanged:

# %%
import torch

from dann_core import reverse_gradient

features = torch.tensor([1.0, 3.0], requires_grad=True)
passed = reverse_gradient(features, lambda_=0.5)
passed

# %% [markdown]
# Now a loss: twice the first minus the second. Its gradient is (2, -1), whatever the features are.
#
# **Predict first**: which gradient arrives at the features, below the layer?

# %%
loss = 2 * passed[0] - passed[1]
loss.backward()
features.grad

# %% [markdown]
# Minus one half of (2, -1). Anything below the layer that follows this gradient *down* goes *up* the loss, half as fast. Anything above it has not noticed.

# %% [markdown]
# ### Exercise: One gradient by hand · difficulty ●●○ · 8 minutes
#
# Follow one number all the way down. Paper and pencil are enough.

# %% tags=["exercise-by_hand"]
# One weight, one feature, a domain classifier without a weight to learn; lambda is 0.5.
#   feature            f = w * x          with x = 2 and w = 0.5, so f = 1
#   reversal           r = f              lambda = 0.5
#   domain classifier  s = 3 * r          so its score s = 3
#   domain loss        (s - 1)**2 / 2     so its gradient at s is s - 1
by_hand = {
    "before the reversal": ...,  # d loss / d r: what comes down to the layer
    "after the reversal": ...,  # what the layer passes on
    "at w": ...,  # what the weight gets
}

# %%
from dann_lab.exercises import exercises

exercises.by_hand.check(by_hand)

# %% [markdown]
# Stuck? Run `exercises.by_hand.hint()`, again for the next hint; `exercises.by_hand.solution()` shows one way.

# %% [markdown]
# ### Exercise: Write the gradient reversal layer · difficulty ●●○ · 10 minutes
#
# The same layer in PyTorch's older form, where `forward` is given `ctx` to keep things in. The check compares your gradients with minus lambda times the plain ones, for several lambdas.

# %% tags=["exercise-reversal"]
import torch


class GradReverse(torch.autograd.Function):
    """The identity forward; -lambda_ times the gradient backward."""

    @staticmethod
    def forward(ctx, features, lambda_):
        return ...

    @staticmethod
    def backward(ctx, gradient):
        return ...


# %%
exercises.reversal.check(GradReverse)

# %% [markdown]
# Stuck? Run `exercises.reversal.hint()`, again for the next hint; `exercises.reversal.solution()` shows one way.

# %% [markdown]
# ## Who descends what
#
# The paper writes the loss with a minus: label loss *minus* lambda times [domain loss](glossary.ipynb#Domain-loss). The code adds the two. Both are right, because they speak of different things.
#
# The paper's formula is what the *feature extractor* goes down. The domain classifier goes down something else: the domain loss itself, with a plus. Two parts want opposite things from one number, so no single sum can serve both (JMLR 2016, equations 13 to 15, call it a saddle point). The layer settles it: the losses are added, and the sign changes on the way to the features only.
#
# | part | on the label loss | on the domain loss |
# | --- | --- | --- |
# | label predictor | down | |
# | domain classifier | | down, in full, whatever lambda is |
# | feature extractor | down | up, lambda times |

# %% [markdown]
# ### Exercise: Who goes down which loss? · difficulty ●○○ · 4 minutes
#
# Close your eyes, then fill in the table.

# %% tags=["exercise-who_descends"]
# "down" or "up": which way does training move each part on that loss?
who_descends = {
    "label predictor": ...,  # on the label loss
    "domain classifier": ...,  # on the domain loss
    "feature extractor, label loss": ...,
    "feature extractor, domain loss": ...,
}

# %%
exercises.who_descends.check(who_descends)

# %% [markdown]
# Stuck? Run `exercises.who_descends.hint()`, again for the next hint; `exercises.who_descends.solution()` shows one way.

# %% [markdown]
# ## See it move
#
# The paper's own toy: two moons, one class each. The target is the same kind of moons, turned. Nobody tells the network the target's labels. It is the very network, layer and training loop of the other lessons, but that a point takes the place of an image and a feature is just two numbers, so both can be drawn.
#
# **Inputs**, on the left, are where the points are. **Features**, on the right, are where the network puts them. The shading and the full line are the label predictor's opinion, the dashed line is the domain classifier's. An arrow shows where the next step pushes a feature: dark for the label loss, purple for what leaves the reversal layer. All arrows share one scale.
#
# **Predict first**: the target's labels are never used. Can the full line on the left still learn to bend around the target's moons?

# %%
from dann_lab.lessons.playground import Playground

Playground()

# %% [markdown]
# Try, in this order:
#
# 1. **Slow motion**, for two or three steps. Say aloud what each of the five parts does.
# 2. **Play** to the end. In our runs the target ends between 85 % and 94 % right.
# 3. **Reset**, set lambda *by hand* to 0, and play again. The purple arrows are gone, and the target stays at 58 % to 70 %: this is [source-only](glossary.ipynb#Source-only).
# 4. Let only the domain classifier learn for a while, then only the features. Which of the two pulls the dashed line, and which pulls the points across it?
# 5. Turn the target to 60 or 80 degrees. From where on does it go wrong, and why can no lambda help? (Tick *show the target's labels*.)

# %% [markdown]
# ## Three ways to write it
#
# The playground has a switch, *How the losses are put together*. All three ways give the features the same gradient. They differ in what the domain classifier gets, as the table under the pictures says.
#
# * **Reverse the gradient**: the layer. The classifier learns at full strength and stays a strong opponent.
# * **Subtract the loss**: `label_loss - lambda_ * domain_loss`, no layer. Now the classifier is told to go *up* its own loss. It unlearns, and there is no limit to how wrong it can be.
# * **Scale the loss by lambda**: `label_loss + lambda_ * domain_loss`, with the layer at strength 1. While lambda is small the classifier is starved, so the features have nobody to fool.
#
# Play each one with lambda by hand at 0.1 and at 1. Over five seeds, 1,000 steps each (`python benchmarks/moons.py`):
#
# | losses | lambda | target right: mean (range) | domain loss at the end |
# | --- | --- | --- | --- |
# | source only | | .64 (.58-.70) | |
# | reverse | 0.1 | .78 (.68-.90) | 0.64 |
# | reverse | 1 | .92 (.85-.99) | 0.68 |
# | subtract | 0.1 | .67 (.56-.77) | 507 |
# | subtract | 1 | .65 (.58-.71) | 5,334 |
# | scale | 0.1 | .53 (.41-.96) | 0.67 |
# | scale | 1 | .92 (.85-.99) | 0.68 |
#
# Guessing costs 0.69. A domain loss of 5,334 is a classifier that is sure of the wrong answer. It is fooled, but not by the features: they need not change, and the target gains nothing. At lambda 1 *scale* is the same as *reverse*; at 0.1 some of its runs end below source-only.

# %% [markdown]
# ## Quiz

# %%
from dann_lab.lessons.quiz import quiz

quiz("02_gradient_reversal")

# %% [markdown]
# ## You saw
#
# * The reversal layer is the identity forward and minus lambda backward. There is nothing else in it.
# * The losses are added. The sign changes below the layer, so the domain classifier goes down the domain loss and the features go up the same loss.
# * Lambda is the strength of that one push. It neither slows the domain classifier down nor touches the labels.
# * Subtracting the loss, or scaling it, gives the features the same push from a worse opponent.
#
# **Next**: [03_training](03_training.ipynb)
