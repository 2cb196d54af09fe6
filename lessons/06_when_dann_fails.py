# Lesson 06. `make lessons` makes notebooks/06_when_dann_fails.ipynb and its solution edition from this file.

# %% [markdown]
# # When DANN fails, and why
#
# After this lesson you can
#
# * tell covariate, label and concept shift apart, and say which of them [DANN](glossary.ipynb#DANN) can mend,
# * read the bound on the target's error, and name the part that no training without target labels can see,
# * check data of your own before you trust an adapted network.
#
# **Time** about 40 minutes. **Memory** under 1 GB. **Download** none.
# **Before this**: [02_gradient_reversal](02_gradient_reversal.ipynb) for the moons, [04_feature_maps](04_feature_maps.ipynb) for the probe.

# %% [markdown]
# ## Moons that go wrong
#
# *Short path: 5 minutes.*
#
# DANN does two things: it reads the [source](glossary.ipynb#Source), and it makes the [target](glossary.ipynb#Target) look like the source. It never asks whether the *right* target points come to lie on the right source points. Here are the moons of lesson 02 with a menu of ways in which the target can differ. The whole lesson is played on this picture; further down it is shown again.
#
# **Predict first**: turn the target by 70°, press **Play**, then **New seed** and Play again, some times. How much will the target's accuracy differ from seed to seed?

# %%
from dann_lab.lessons.predict import guess

guess("seventy")

# %%
from dann_lab.lessons.playground import Playground

moons = Playground(shifts=True)
moons

# %% [markdown]
# Ten seeds each, the target's accuracy after 1,000 steps (`python benchmarks/failures.py`):
#
# | turned by | source-only | DANN | DANN's worst and best seed | DANN's domain accuracy |
# | --- | --- | --- | --- | --- |
# | 35° | {{failures/turned 35/source only/target}} | {{failures/turned 35/dann/target}} | {{failures/turned 35/dann/target as percents}} | {{failures/turned 35/dann/domain}} |
# | 60° | {{failures/turned 60/source only/target}} | {{failures/turned 60/dann/target}} | {{failures/turned 60/dann/target as percents}} | {{failures/turned 60/dann/domain}} |
# | 70° | {{failures/turned 70/source only/target}} | {{failures/turned 70/dann/target}} | {{failures/turned 70/dann/target as percents}} | {{failures/turned 70/dann/domain}} |
#
# {{claim: failures/turned 35/dann/target > failures/turned 35/source only/target}}
# {{claim: failures/turned 60/dann/target > failures/turned 60/source only/target}}
# {{claim: failures/turned 35/dann/domain ~ failures/turned 70/dann/domain}}
# {{claim: failures/turned 60/source only/target < .5}}
# At 35° DANN is far ahead. At 60° [source-only](glossary.ipynb#Source-only) is below chance; DANN reads most of the target with some seeds, and little with others. At 70° it is the same. And the [domain accuracy](glossary.ipynb#Domain-accuracy) at 35° and at 70° cannot be told apart: the [domain classifier](glossary.ipynb#Domain-classifier) is deceived in both. Look at the features of a bad run with *show the target's labels* ticked: the two domains do lie on each other, but each target moon lies on the wrong source moon.

# %% [markdown]
# ## What bounds the target's error
#
# Below the planes there are bars. They are the parts of a bound that Ben-David and others proved ([2010](https://doi.org/10.1007/s10994-009-5152-4), theorem 2):
#
# > **target error ≤ source error + distance / 2 + joint error**
#
# * The **source error** is what the [label predictor](glossary.ipynb#Label-predictor) gets wrong on the source. Labels are there: training makes it small.
# * The **distance** says how differently two straight lines can cut the features of the two domains. No label is needed: this is what the reversed gradient makes small. (It is what the [proxy A-distance](glossary.ipynb#Proxy-A-distance) of lesson 04 stands for. In two dimensions we need no proxy; we try the lines.)
# * The [**joint error**](glossary.ipynb#Joint-error) is that of the best *single* line for both domains, on the source plus on the target. One needs the target's labels to know it. You see it because you are the teacher here; the network does not, and neither does anybody with data of their own.
#
# For the points in the picture the bound always holds: watch whether the fourth bar ever passes the dotted line. In a good run at 35° the parts ended at {{failures/turned 35/dann/distance}} for half the distance and {{failures/turned 35/dann/joint}} for the joint error.
#
# **Predict first**: DANN makes the first two parts small. What may the third one do meanwhile?

# %%
guess("joint")

# %% [markdown]
# ## Aligned the wrong way round
#
# *Short path: 3 minutes.*
#
# Choose **a rule for both, and aligned wrongly**. Each domain is a strip, with one class in its left half and the other in its right half. One rule is right in both domains: the middle is class 1. But along the strips the classes come in another order. Press Play, and watch the third bar.

# %%
moons

# %% [markdown]
# Over ten seeds source-only reads {{failures/counterexample/source only/target}} of the target, DANN {{failures/counterexample/dann/target}}: {{claim: failures/counterexample/dann/target < failures/counterexample/source only/target}}adaptation has done harm. The domain accuracy ended at {{failures/counterexample/dann/domain}}, near guessing; the source is read as before. What has changed is the joint error: {{failures/counterexample/source only/joint}} with source-only, {{failures/counterexample/dann/joint}} with DANN. {{claim: failures/counterexample/dann/joint > failures/counterexample/source only/joint}}{{claim: failures/counterexample/dann/distance ~ failures/counterexample/source only/distance}}(Half the distance reads {{failures/counterexample/source only/distance}} and {{failures/counterexample/dann/distance}}, which overlap.) A rule that fits both domains was there in the *inputs*: a flexible one, taught with the labels of both, is right on {{failures/counterexample/one rule}}. In the features that DANN has made, no line is.
#
# This is the thought of Zhao and others ([2019](https://arxiv.org/abs/1901.09453), section 4.1): small source error and small distance together do not make the target's error small, because making features alike can make the joint error large. In their example both domains lie on one line, far apart. Ours is drawn so that this small network finds the wrong alignment by itself.

# %% [markdown]
# ## Three kinds of shift
#
# | kind | what differs | what stays | in the menu |
# | --- | --- | --- | --- |
# | [**covariate shift**](glossary.ipynb#Covariate-shift) | where the points lie | the rule from point to label | turned, moved, a rule for both |
# | [**label shift**](glossary.ipynb#Label-shift) | how often each class comes | what a class looks like | other class shares, a class missing |
# | [**concept shift**](glossary.ipynb#Concept-shift) | the rule itself | where the points lie | classes swapped |
#
# With labels of both domains one could ask directly: does one rule fit both? A flexible rule (a support vector machine with a Gaussian kernel), taught with the labels of both, was right on this share of both domains' test points:
#
# | | one rule for both | source-only | DANN |
# | --- | --- | --- | --- |
# | turned by 35° | {{failures/turned 35/one rule}} | {{failures/turned 35/source only/target}} | {{failures/turned 35/dann/target}} |
# | turned by 70° | {{failures/turned 70/one rule}} | {{failures/turned 70/source only/target}} | {{failures/turned 70/dann/target}} |
# | turned by 180° | {{failures/turned 180/one rule}} | {{failures/turned 180/source only/target}} | {{failures/turned 180/dann/target}} |
# | moved up by 0.5 | {{failures/moved .5/one rule}} | {{failures/moved .5/source only/target}} | {{failures/moved .5/dann/target}} |
# | moved up by 1 | {{failures/moved 1/one rule}} | {{failures/moved 1/source only/target}} | {{failures/moved 1/dann/target}} |
# | lower moon 30 %, turned by 35° | {{failures/shares 30/one rule}} | {{failures/shares 30/source only/target}} | {{failures/shares 30/dann/target}} |
# | lower moon 10 %, turned by 35° | {{failures/shares 10/one rule}} | {{failures/shares 10/source only/target}} | {{failures/shares 10/dann/target}} |
# | no lower moon, turned by 35° | {{failures/missing/one rule}} | {{failures/missing/source only/target}} | {{failures/missing/dann/target}} |
# | classes swapped | {{failures/swapped/one rule}} | {{failures/swapped/source only/target}} | {{failures/swapped/dann/target}} |
# | a rule for both, and aligned wrongly | {{failures/counterexample/one rule}} | {{failures/counterexample/source only/target}} | {{failures/counterexample/dann/target}} |

# %% [markdown]
# ## Other shares of the classes
#
# Choose **other class shares**. The target is turned by 35°, which DANN mends; but of its points only as many are in the lower moon as the slider says, where the source has half and half.
#
# Features that look alike look alike in their shares, too. So if the alignment were perfect, points of the more frequent class would have to lie on source points of the other class.
#
# **Predict first**: the lower moon has 30 % of the target, or 10 %, or nothing. In which of these cases is DANN still ahead of source-only?

# %%
guess("shares")

# %% [markdown]
# {{claim: failures/shares 30/dann/target > failures/shares 30/source only/target}}
# {{claim: failures/shares 10/dann/target ~ failures/shares 10/source only/target}}
# {{claim: failures/missing/dann/target ~ failures/missing/source only/target}}
# {{claim: failures/shares 10/dann/target < failures/turned 35/dann/target}}
# With half and half DANN reads {{failures/turned 35/dann/target}} of the target, with 30 % {{failures/shares 30/dann/target}}, with 10 % {{failures/shares 10/dann/target}}, with none {{failures/missing/dann/target}}. Source-only does not care how many there are: {{failures/shares 30/source only/target}}, {{failures/shares 10/source only/target}}, {{failures/missing/source only/target}}. From 10 % on the two overlap: the alignment wins nothing any more that could be measured. (The source error stays small all the while, so you would not notice.)
#
# ### Exercise: The least error · difficulty ●●○ · 6 minutes
#
# Suppose that DANN has won completely: the features of both domains are distributed alike, and the label predictor makes no mistake on the source. In the source the share `p` of the examples is class 1, in the target it is `q`. How large must the target's error be at least?


# %% tags=["exercise-least_error"]
def least_error(p, q):
    """The least error, 0 to 1, on a target with the share q of class 1: the source has the share p
    and is read without a mistake, and the features of both domains are distributed alike."""
    return ...


# %%
from dann_lab.exercises import exercises

exercises.least_error.check(least_error)

# %% [markdown]
# ## Swapped, and nobody can tell
#
# Choose **classes swapped** and press Play. Every point lies where a source point could lie, and has the other label. Source error and distance end as small as they can be; all that is wrong is in the joint error. (Half the distance ends at {{failures/swapped/dann/distance}} and not at 0: two handfuls of 150 points are never quite alike.)
#
# **Predict first**: ten networks with ten seeds read this target. How often do they agree with each other?

# %%
guess("swapped")

# %% [markdown]
# Two of the ten gave the same answer for {{failures/swapped/dann/agreement as percent}} of the target points, and were right on {{failures/swapped/dann/target as percent}}. Nothing that looks at the target without its labels can find this: the same points with the labels as in the source would look exactly so, and there the same networks are right.
#
# ## Draw your own
#
# In the picture below choose **your own points**. You begin with some of the points from before; the pen adds points of either class in either domain, the rubber takes away, **Undo** goes back.
#
# 1. Move the target a little to one side with rubber and pen. Does DANN follow?
# 2. Draw a target on which DANN ends below source-only. ([Lambda](glossary.ipynb#Lambda) *by hand* at 0 is nearly source-only.)
# 3. Clear all points. Draw a source that is easy, and a target whose classes lie the other way round. Which bar tells, and would you see it without its labels?

# %%
moons

# %% [markdown]
# ## Why MNIST → SVHN failed
#
# SVHN is house numbers, photographed in the street. In the paper of 2015 ([arXiv:1409.7495](https://arxiv.org/abs/1409.7495), section 4) SVHN → MNIST is a success, and MNIST → SVHN the one "failure example". The authors' own reading is the distance: a network that has only seen MNIST puts the two domains far apart, one that has seen the more varied SVHN much less so. The three kinds of shift name more that differs:
#
# * *Covariate shift*: colour, blur, several digits in one picture, digits lighter or darker than their ground. Our lesson 07 shows what one such difference costs when it is not dealt with (contrast inversion on MNIST-M).
# * *Label shift*: house numbers begin with small digits. In SVHN's training set there are nearly three times as many 1s as 9s; in MNIST all digits are about equally frequent.
# * *Joint error*: an upside-down or cut digit has its label from the house, not from the picture.
#
# Later work got further on that pair by making the images alike before anything is learnt, with [instance normalisation](glossary.ipynb#Instance-normalisation), and by keeping boundaries out of clusters (Shu et al. 2018, [arXiv:1802.08735](https://arxiv.org/abs/1802.08735)). We have not trained on SVHN, so these are readings, not measurements of ours.

# %% [markdown]
# ## What to check before you trust it
#
# With data of your own, and without target labels:
#
# 1. **Is it one task?** The same classes, meant alike by those who label both domains. No number finds a concept shift.
# 2. **Several seeds.** Do they agree about the target? Disagreement is a warning. Agreement is no proof.
# 3. **Shares.** How often does the network predict each class on the target? If you know roughly how often it should, compare.
# 4. **The control.** Source-only, and lambda 0: does adaptation change the answers, and towards what you expect?
# 5. **Fifty labels.** Of n labelled target examples the accuracy is known to about ± `sqrt(p (1 - p) / n)`: with fifty and an accuracy of .8, ± .06. That is enough to see every failure in this lesson.
#
# How well does the second check work? Here is the mean agreement of two of ten DANN networks about one target, beside their accuracy:
#
# | | two seeds agree | predicted share of the lower moon | target right |
# | --- | --- | --- | --- |
# | turned by 35° | {{failures/turned 35/dann/agreement as percent}} | {{failures/turned 35/dann/lower as percent}} | {{failures/turned 35/dann/target}} |
# | turned by 70° | {{failures/turned 70/dann/agreement as percent}} | {{failures/turned 70/dann/lower as percent}} | {{failures/turned 70/dann/target}} |
# | lower moon 10 % | {{failures/shares 10/dann/agreement as percent}} | {{failures/shares 10/dann/lower as percent}} | {{failures/shares 10/dann/target}} |
# | no lower moon | {{failures/missing/dann/agreement as percent}} | {{failures/missing/dann/lower as percent}} | {{failures/missing/dann/target}} |
# | classes swapped | {{failures/swapped/dann/agreement as percent}} | {{failures/swapped/dann/lower as percent}} | {{failures/swapped/dann/target}} |
# | aligned wrongly | {{failures/counterexample/dann/agreement as percent}} | {{failures/counterexample/dann/lower as percent}} | {{failures/counterexample/dann/target}} |
#
# {{claim: failures/turned 70/dann/agreement < failures/turned 35/dann/agreement}}
# {{claim: failures/shares 10/dann/agreement ~ failures/turned 35/dann/agreement}}
# {{claim: failures/shares 10/dann/target < failures/turned 35/dann/target}}
# At 70° the seeds disagree: a warning that one can have without a label. With 10 % in the lower moon they agree as often as at 35°, and read less; there the predicted share warns whoever knows that it should be about a tenth. Swapped classes get past both. That is why the fifty labels stand on the list.

# %% [markdown]
# ## Quiz

# %%
from dann_lab.lessons.quiz import quiz

quiz("06_when_dann_fails")

# %% [markdown]
# ## You saw
#
# * DANN makes source error and distance small. The joint error is the part that it cannot see, and alignment can make it larger.
# * Covariate shift can be mended while one rule fits both domains and the right points are near each other. Label shift works against alignment: the gain shrinks as the shares drift apart. Concept shift cannot even be seen.
# * The domain accuracy of runs that went wrong looks like that of runs that went well.
# * Several seeds, the shares of the predictions and fifty labels are the cheapest insurance.
#
# **Next**: [07_going_further](07_going_further.ipynb), other methods beside DANN, and what each part of a recipe is worth.
