# The page that Voila serves (`make dashboard`), so it has no links to other notebooks.

# %% [markdown]
# # DANN, live
#
# Train a network on labelled digits of one domain, and watch it adapt to another, whose labels it never sees. Lambda says how strongly its features are pushed to hide the domain.

# %%
from dann_lab.live.dashboard import dashboard

dashboard()

# %% [markdown]
# ## Try this
#
# Predict first, then look.
#
# 1. **Train** with the paper's schedule. What do the target's accuracy and the domain loss do?
# 2. **Reset**, which brings the same initial weights back. Set lambda *by hand* to 0 and train again. Which curves change most, and which way does the source's accuracy go?
# 3. In the middle of a run drag lambda to 2, watch the reversed gradient, and drag it back.
# 4. Choose *Source only*: how much of the target's accuracy was adaptation?
# 5. **New seed**: how much of it was luck?
# 6. Choose the recipe *deep* and *t-SNE* for the map of the features, **Colour by** *domain*, and train. Then drag the time line back and press **Replay**: when do the two domains begin to mix? {{claim: lessons/dann/alone > 0.9}}{{claim: lessons/dann/target > lessons/source/target}}(With *quick* they stay apart on stripes, and most of the target is read all the same.)
# 7. Draw round target digits that lie far from their own kind. What do they have in common?
# 8. Under **Compare runs** put two of your runs side by side. **Replay its lambda** repeats what your hand did, with the same seed to the last bit.
# 9. Drag the time line of a run that has ended to its middle and press **Branch here**. Choose *Source only*, or set another lambda, and train. How far do the two runs part? (A branch in which nothing is changed repeats its parent, on a CPU to the last bit.)
# 10. **Draw a digit** of your own. Is it read as drawn, and behind stripes? Which of the runs that you compare reads it?
#
# **Save** keeps a run for another day (in the folder `runs`), and writes it as a page that opens offline, a table, or a picture.
#
# **Time** 15 minutes, or as long as you like. **Memory** under 1.6 GB. **Download** none; the button for MNIST fetches 83 MB.
