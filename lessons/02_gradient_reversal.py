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
# *Short path: 4 minutes.*
#
# Lesson 01 ended with a wish: features in which the two [domains](glossary.ipynb#Source) look alike. Who says whether they do? A second, small network on top of the features: the [domain classifier](glossary.ipynb#Domain-classifier). It looks at a feature and guesses: source or [target](glossary.ipynb#Target)?
#
# If it guesses well, the features still show the domain. So the [feature extractor](glossary.ipynb#Feature-extractor) should learn to make it guess *badly*, while the [label predictor](glossary.ipynb#Label-predictor) learns the labels of the source. Both at once, in one pass. It takes one layer.

# %% [markdown]
# Here is such a network, of a training that you will see move further down, at any of its 1,000 steps. Forward in one colour, to both losses; back come two gradients, and one of them has passed the layer. Drag the slider: the broad arrow is as wide as lambda, and the number beside it is the gradient that is left.

# %%
from dann_core.moons import moons_trainer
from dann_lab.lessons.diagram import NetworkDiagram

run = moons_trainer()
list(run)
NetworkDiagram(run)

# %% [markdown]
# ## The layer
#
# *Short path: 5 minutes.*
#
# [Gradient reversal](glossary.ipynb#Gradient-reversal) does nothing on the way forward. On the way back it multiplies the gradient by minus [lambda](glossary.ipynb#Lambda). This is the code behind every network that adapts in these lessons:

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
from dann_lab.lessons.predict import guess

guess("below")

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
# ## Who descends what
#
# *Short path: 4 minutes.*
#
# The paper writes the loss with a minus: label loss *minus* lambda times [domain loss](glossary.ipynb#Domain-loss). The code adds the two. Both are right, because they speak of different things.
#
# The paper's formula is what the *feature extractor* goes down. The domain classifier goes *up* that formula, which means down the domain loss itself. What one part goes down, another goes up: the paper calls the place where both come to rest a saddle point (JMLR 2016, equations 10 to 12). An optimiser goes down with every part of the network, so the formula as it stands is not for it. The layer settles it: the losses are added, and the sign changes on the way to the features only.
#
# | part | on the label loss | on the domain loss |
# | --- | --- | --- |
# | label predictor | down | |
# | domain classifier | | down, in full, whatever lambda is |
# | feature extractor | down | up, lambda times |
#
# (Equation 15 of the paper has lambda in the domain classifier's step as well. In their experiments the authors took 1 there, "to ensure that the latter trains as fast as the label predictor". So does all code here.)

# %% [markdown]
# ### Exercise: Who goes down which loss? · difficulty ●○○ · 4 minutes
#
# Cover the table above, then fill in this one.

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
# ## See it move
#
# *Short path: 10 minutes.*
#
# The paper's own toy: two moons, one class each. The target is the same kind of moons, turned. Nobody tells the network the target's labels. The layer and the training loop are those of the other lessons, and so are the three parts of the network. But a point takes the place of an image, and a feature is just two numbers, so both can be drawn.
#
# **Inputs**, on the left, are where the points are. **Features**, on the right, are where the network puts them. The shading and the full line are the label predictor's opinion, the dashed line is the domain classifier's. An arrow shows where one loss alone would push that feature: the *label* arrows belong to the label loss, the *reversed* arrows to what leaves the reversal layer. All arrows of one picture share one scale.
#
# **Predict first**: the target's labels are never used. Can the full line on the left still learn to bend around the target's moons?

# %%
guess("bend")

# %%
from dann_lab.lessons.playground import Playground

Playground()

# %% [markdown]
# Try, in this order:
#
# 1. **Slow motion**, for two or three steps, part by part with **Next**. It begins where a network has learnt for 60 steps without the reversal, and sets lambda to 1, so that there are arrows to turn round. Say aloud what each of the five parts does.
# 2. **Undo** brings the untrained network back, and lambda's schedule. **Play** to the end. Over ten seeds {{moons/reverse/target as percents}} of the target was right there (`python benchmarks/moons.py`).
# 3. **Reset**, set lambda *by hand* to 0, and play again. The reversed arrows are gone, and the target ends at {{moons/source only/target as percents}}: this is [source-only](glossary.ipynb#Source-only).
# 4. Let only the domain classifier learn for a while, then only the features. Which of the two pulls the dashed line, and which pulls the points across it?
# 5. Let lambda follow the paper's schedule again. Turn the target to 60 degrees, **Reset**, and play; then the same at 70 and 80. Tick *show the target's labels*. Does each moon of the target land on the moon of its own class?

# %% [markdown]
# ## Your layer at work
#
# The same playground, with the layer that you have written above in the place of ours. Whatever it does is what you see.
#
# **Predict first**: take the minus out of your `backward` and run its cell and the next one again. Where do the *reversed* arrows point, and what becomes of the two clouds of features? Then take out lambda instead, and hold lambda at 0.1 by hand. Mend it when you have seen enough.

# %%
guess("wrong-sign")

# %%
Playground(reversal=GradReverse)

# %% [markdown]
# {{claim: moons/wrong sign/loss < moons/reverse/loss}}
# {{claim: moons/wrong sign/domain > moons/reverse/domain}}
# {{claim: moons/wrong sign/target < moons/reverse/target}}
# {{claim: moons/wrong sign/target ~ moons/source only/target}}
# With `+lambda` the features are pushed to *show* the domain. Over ten seeds the domain loss ended at {{moons/wrong sign/loss as two}} instead of {{moons/reverse/loss as two}}, and of the target {{moons/wrong sign/target as percent}} were right instead of {{moons/reverse/target as percent}}: no more than source-only, as far as ten seeds can tell. Without lambda the arrows are as long as at lambda 1, wherever the slider stands.

# %% [markdown]
# ## When the wrong moon lands
#
# {{claim: moons/reverse/target > moons/source only/target}}
# {{claim: moons/source only/target > 0.5}}
# {{claim: moons/source only at 60/target < 0.5}}
# The share of the target that is right, over ten seeds each, with the layer and without it (source-only):
#
# | turned by | without: mean ± standard deviation | with | with, lowest and highest |
# | --- | --- | --- | --- |
# | 35 degrees | {{moons/source only/target}} | {{moons/reverse/target}} | {{moons/reverse/target as range}} |
# | 60 degrees | {{moons/source only at 60/target}} | {{moons/reverse at 60/target}} | {{moons/reverse at 60/target as range}} |
# | 70 degrees | {{moons/source only at 70/target}} | {{moons/reverse at 70/target}} | {{moons/reverse at 70/target as range}} |
# | 80 degrees | {{moons/source only at 80/target}} | {{moons/reverse at 80/target}} | {{moons/reverse at 80/target as range}} |
#
# The same recipe saves one run and leaves the next one lost, and the seed decides. In our runs seed 0, with which the playground begins, goes from {{moons/source only at 60/target/each/0 as percent}} to {{moons/reverse at 60/target/each/0 as percent}} at 60 degrees, and from {{moons/source only at 70/target/each/0 as percent}} to {{moons/reverse at 70/target/each/0 as percent}} at 70.
#
# Why? Turn two moons by half a circle, and they are the same two moons with their classes swapped. So points that were turned by 60 degrees are also points that were turned by 120 degrees the other way, with the classes swapped. Without labels nothing in the points says which of the two it was.
#
# The domain classifier cannot say it either. It only sees whether the two clouds lie on each other, and they do so both ways. At 70 degrees it was right on {{moons/reverse at 70/domain/each/0 as percent}} of the test points with seed 0, where {{moons/reverse at 70/target/each/0 as percent}} of the target is right, and on {{moons/reverse at 70/domain/each/7 as percent}} with seed 7, where {{moons/reverse at 70/target/each/7 as percent}} is. Lambda sets how hard the clouds are pushed together, not which moon goes to which.
#
# What helped, we think, is to begin near the right way. Without adaptation most of the target is right at 35 degrees ({{moons/source only/target as percent}}), and most of it wrong at 60 ({{moons/source only at 60/target as percent}}).

# %% [markdown]
# ## Three ways to write it
#
# The playground has a switch, *How the losses are put together*. As long as the weights are the same, all three ways give the features the same gradient. But the domain classifier gets another one each time, as the table under the pictures says, so after one step the weights are the same no longer.
#
# * **Reverse the gradient**: the layer. The domain classifier goes down its loss at full strength.
# * **Subtract the loss**: `label_loss - lambda_ * domain_loss`, no layer. Now the domain classifier goes *up* its own loss. It unlearns, and a loss has no upper end.
# * **Scale the loss by lambda**: `label_loss + lambda_ * domain_loss`, with the layer at strength 1. The domain classifier gets only lambda times its gradient, so with a small lambda it learns slowly.
#
# **Predict first**: what will the [domain accuracy](glossary.ipynb#Domain-accuracy) be when the loss is subtracted? Below 50 %?

# %%
guess("subtracted")

# %% [markdown]
# Play each one with lambda by hand at 0.1 and at 1. Over ten seeds, 1,000 steps each (`python benchmarks/moons.py`):
#
# | losses | lambda | target right | lowest and highest | domain accuracy | domain loss | push that is left |
# | --- | --- | --- | --- | --- | --- | --- |
# | source only | | {{moons/source only/target}} | {{moons/source only/target as range}} | | | |
# | reverse | 0.1 | {{moons/reverse 0.1/target}} | {{moons/reverse 0.1/target as range}} | {{moons/reverse 0.1/domain as percent}} | {{moons/reverse 0.1/loss as two}} | {{moons/reverse 0.1/push as percent}} |
# | reverse | 1 | {{moons/reverse 1/target}} | {{moons/reverse 1/target as range}} | {{moons/reverse 1/domain as percent}} | {{moons/reverse 1/loss as two}} | {{moons/reverse 1/push as percent}} |
# | subtract | 0.1 | {{moons/subtract 0.1/target}} | {{moons/subtract 0.1/target as range}} | {{moons/subtract 0.1/domain as percent}} | {{moons/subtract 0.1/loss as whole}} | {{moons/subtract 0.1/push as percent}} |
# | subtract | 1 | {{moons/subtract 1/target}} | {{moons/subtract 1/target as range}} | {{moons/subtract 1/domain as percent}} | {{moons/subtract 1/loss as whole}} | {{moons/subtract 1/push as percent}} |
# | scale | 0.1 | {{moons/scale 0.1/target}} | {{moons/scale 0.1/target as range}} | {{moons/scale 0.1/domain as percent}} | {{moons/scale 0.1/loss as two}} | {{moons/scale 0.1/push as percent}} |
# | scale | 1 | {{moons/scale 1/target}} | {{moons/scale 1/target as range}} | {{moons/scale 1/domain as percent}} | {{moons/scale 1/loss as two}} | {{moons/scale 1/push as percent}} |
#
# *Push that is left*: how long the gradient on the features is at the end, as a share of the longest that it was in that run.
#
# {{claim: moons/subtract 0.1/domain ~ 0.5}}
# {{claim: moons/subtract 1/domain ~ 0.5}}
# {{claim: moons/subtract 1/push < 0.01}}
# {{claim: moons/subtract 1/push < moons/reverse 1/push}}
# {{claim: moons/subtract 1/loss > 3000}}
# Guessing costs 0.69. Subtracted at lambda 1, the domain loss ends in the thousands, and yet the domain accuracy is 50 %, in every one of the ten runs. The domain classifier does not learn to name the wrong domain. It gives one answer for everything, louder and louder: half of the points are wrong, and there is no limit to how loud. An answer that is the same for every feature gives the features no gradient, so the push fades to nothing. Where the layer still had {{moons/reverse 1/push as percent}} of its push, here {{moons/subtract 1/push as percent}} is left.
#
# {{claim: moons/reverse 1/target > moons/source only/target}}
# {{claim: moons/reverse 1/target > moons/subtract 1/target}}
# {{claim: moons/subtract 1/target ~ moons/source only/target}}
# So at lambda 1 the layer gains a lot over source-only, and the subtracted loss nothing that we could measure. In some runs it even harmed the source ({{moons/subtract 1/source as percents}} right).
#
# {{claim: moons/reverse 0.1/target ~ moons/source only/target}}
# {{claim: moons/subtract 0.1/target ~ moons/source only/target}}
# {{claim: moons/scale 0.1/target ~ moons/source only/target}}
# At lambda 1 *scale* is the same as *reverse*. At 0.1 none of the three is clearly better than source-only: mean ± standard deviation overlap, so do not rank them. *Scale* ends anywhere from {{moons/scale 0.1/target as percents}}.

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
# * Subtract the loss, and the domain classifier ends up giving one answer for everything: 50 % right, a huge loss, and no push. So a domain accuracy of 50 % alone proves nothing.
# * The domain classifier sees whether the clouds lie on each other, not which class lies on which.
#
# **Next**: [03_training](03_training.ipynb)
