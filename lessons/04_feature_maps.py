# Lesson 04. `make lessons` makes notebooks/04_feature_maps.ipynb and its solution edition from this file.

# %% [markdown]
# # Maps of features, and what they hide
#
# After this lesson you can
#
# * draw what a network makes of both domains with PCA, t-SNE and UMAP,
# * name what such a map shows, and what in it comes from the method or the seed,
# * measure the distance between two domains with a probe, and say how sure the number is.
#
# **Time** about 30 minutes on a laptop's CPU, up to two of them computing. **Memory** under 1.6 GB, most of it for UMAP. **Download** none: the embedded pair.
# **Before this**: [03_training](03_training.ipynb).

# %% [markdown]
# ## Two networks
#
# One is [source-only](glossary.ipynb#Source-only): it has seen labelled digits of the [source](glossary.ipynb#Source), nothing of the [target](glossary.ipynb#Target). The other is a [DANN](glossary.ipynb#DANN): the same digits, the same first weights, and the reversed gradient of a [domain classifier](glossary.ipynb#Domain-classifier). If you come from the lessons before, both are trained already.

# %%
from dann_core import load_pair, preset
from dann_lab.lessons.networks import trained

pair = load_pair("digits")
source_only = trained(pair, preset("quick", steps=300, mode="source"), "source only")
dann = trained(pair, preset("quick", steps=300, mode="dann"), "DANN")

# %%
for network in (source_only, dann):
    last = network.history.evaluations[-1]
    print(network.recipe.mode, f"{last.source_accuracy:.1%}", f"{last.target_accuracy:.1%}")

# %% [markdown]
# The first number is the source's accuracy, the second the target's. In our run DANN brought the target from 55 % to 61 %. (300 steps are few, so that a lesson does not keep you waiting.)
#
# Below the last pooling both networks turn an image into 2,352 numbers, its *features*. The idea of DANN is that the two domains look alike there. Do they? Nobody can look at 2,352 dimensions. So people draw maps.

# %%
from dann_core import features

features(dann.model, pair, pair.target.test.images[:200]).shape

# %% [markdown]
# ## Three maps
#
# * [PCA](glossary.ipynb#PCA) looks along the two directions of the largest spread. It is a straight shadow: what lies apart on it lies apart in the features, but what lies together may be far apart in the other 2,350 dimensions.
# * [t-SNE](glossary.ipynb#t-SNE) moves points about until each has the neighbours that it had in the features. Who is next to whom is kept; how far groups are from one another is not.
# * [UMAP](glossary.ipynb#UMAP) does much the same from a graph of nearest neighbours. The first one takes some seconds longer, because its code is compiled then.
#
# **Predict first**: what should change from *source only* to *DANN*? Where should the triangles go? Then choose the network, and then the map.

# %%
from dann_lab.lessons.demonstrations import feature_maps

feature_maps({"source only": source_only, "DANN": dann})

# %% [markdown]
# Circles are source images, triangles target images; colour and number are the digit. Read the sentence as well as the picture: it counts neighbours, and it says what no map shows, the target's accuracy and the distance that a probe finds.
#
# A map on which the clouds mix is easily taken for success. It is not one yet: they could mix with a 3 on an 8, or mix on the map alone.

# %% [markdown]
# ## Watch the map move
#
# These were maps of networks that had finished. Below, the same DANN is trained once more, from the same first weights, and its map moves with it: each frame goes on from the last one, so a point that moves has moved in the features, or its neighbours have.
#
# **Predict first**: which will come first, heaps of one digit or triangles among the circles? Then press **Train**.

# %%
from dann_lab.lessons.demonstrations import live_map

live_map()

# %% [markdown]
# Try this, while it trains or afterwards:
#
# 1. Drag the time line back, and press **Replay**. Map and sentence go to that moment; training goes on.
# 2. Draw round a few triangles that stay apart. Their digits appear below the map, with what the network says. Go back in time: the same digits stay chosen.
# 3. **Reset**, set [lambda](glossary.ipynb#Lambda) *by hand* to 0, and train again. What is missing now?
#
# The same on MNIST → MNIST-M, recorded over 4,000 steps, is in [00_start_here](00_start_here.ipynb).

# %% [markdown]
# ## Who lives on the island?
#
# On t-SNE's map of DANN's features a heap of triangles lies apart, digits of every kind together. Is it real? Ask the features, not the map: which target images have target images only among their ten nearest neighbours, by distance in all 2,352 dimensions?

# %%
from dann_lab.figures.images import images_grid
from dann_lab.maps import points

tests = [domain.test.first(200) for domain in (pair.source, pair.target)]
alone = points.among_their_own(*(features(dann.model, pair, test.images) for test in tests))
images_grid(tests[1].images[alone][:20], tests[1].labels[alone][:20])

# %%
from dann_core import predict

right = (predict(dann.model, pair, tests[1].images).labels == tests[1].labels).cpu().numpy()
print(
    f"{alone.sum()} alone, {right[alone].mean():.0%} of them right; others {right[~alone].mean():.0%}"
)

# %% [markdown]
# It is real, and you see at a glance what they share: dark ink on a light ground. In our run 58 of 200 images were alone, and 7 % of those right, against 85 % of the others. (In the source-only network's features 82 were alone.) So the map gave a hint, the features confirmed it, and the images explained it.
#
# Lesson 01 sorted the target's images by the brightness of their ink. Here are both networks:

# %%
from dann_lab.lessons.demonstrations import by_contrast

by_contrast({"source only": source_only, "DANN": dann})

# %% [markdown]
# What DANN has gained in 300 steps it gained in the middle, where ink and ground are about equally bright. The negatives at the left it has not reached yet. It only takes longer: after 1,200 steps our DANN read 52 % of the images in the leftmost bar, and 75 % of the target. To see it, spend two minutes on `trained(pair, preset("quick", steps=1200), "DANN, longer")` and put it into the picture above.

# %% [markdown]
# ## The same points, another map
#
# Nothing changes below but how t-SNE draws: the *perplexity*, which is about how many neighbours each point tries to keep, and the positions it starts from.
#
# **Predict first**: which of these will stay the same: who is next to whom, which groups are next to each other, how large a group is?

# %%
from dann_lab.lessons.demonstrations import misleading_maps

misleading_maps(dann)

# %% [markdown]
# Try this:
#
# 1. Go through the perplexities. At 2 the map falls into crumbs, at 100 it closes up. The features are the same in all of them.
# 2. Start at random, with seed 1, then with seed 2. Groups change places. The sentence counts the digits whose nearest other digit on the map is the nearest one in the features too, from mean to mean. In our twelve maps that held for 2 to 6 of the 10.
# 3. Choose *noise* and perplexity 2. These points come from one round cloud without any groups, and yet you see some.
#
# What you may read from such a map: points that are next to each other are probably alike. What you may not read: distances between groups, the size of a group, empty space, and whether two domains *can* be told apart.

# %% [markdown]
# ## Ask a probe
#
# For the last question there is a better tool than the eye. Train a fresh classifier to tell the domains apart, on features that stand still. Test it on images that it has not seen. If even that fails, the domains are alike, as far as this kind of classifier can see. It is called a [domain probe](glossary.ipynb#Domain-probe).
#
# Why a fresh one, when the network has a domain classifier already? Because the features were trained to deceive just that one.
#
# **Predict first**: the probe's error is 0 if it always knows the domain. What is it if it can only guess?

# %%
import inspect

from IPython.display import Code

from dann_core import probe

Code(inspect.getsource(probe.domain_probe), language="python")

# %% [markdown]
# It learns from one half of each domain and is tested on the other half. The error becomes a distance, the [proxy A-distance](glossary.ipynb#Proxy-A-distance) of Ben-David and others (2007), which grows as the error falls.

# %% [markdown]
# ### Exercise: The proxy A-distance · difficulty ●○○ · 3 minutes
#
# Turn an error into the distance. Check for yourself what it gives for 0 and for 0.5.


# %% tags=["exercise-proxy_a_distance"]
def proxy_a_distance(error):
    """2 (1 - 2 error), for the share of images that a domain probe gets wrong."""
    return ...


# %%
from dann_lab.exercises import exercises

exercises.proxy_a_distance.check(proxy_a_distance)

# %% [markdown]
# Stuck? Run `exercises.proxy_a_distance.hint()`, again for the next hint; `exercises.proxy_a_distance.solution()` shows one way.

# %% [markdown]
# ## Three distances
#
# In the raw pixels, in the source-only network's features, and in DANN's.
#
# **Predict first**: put the three in order, then run the cell.

# %%
from dann_lab.lessons import demonstrations

pixels = [domain.test.images.reshape(400, -1).float() for domain in (pair.source, pair.target)]
probes = {
    "pixels": probe.domain_probe(*pixels),
    "source only": demonstrations.probe(source_only),
    "DANN": demonstrations.probe(dann),
}
demonstrations.distances(probes)

# %% [markdown]
# The diamond is the distance, the bar two standard errors each way: with other test images the diamond would move about so much. A difference smaller than that is none that you may report.
#
# Surprised? In our run the pixels were at 1.95. Both networks' features are far nearer to each other than the pixels are, the source-only ones too (1.17 ± 0.08): whatever serves to read digits drops much of the photograph. But DANN's features, at 1.23 ± 0.08, were *no* nearer than those, although the target's accuracy had risen by six points, and although DANN's own domain classifier was wrong on every third image.
#
# So three views of one network disagree, and each is right about something. Its domain classifier says "I am deceived": true, but it is only one classifier. The probe says "I can still tell": true, there are directions left that tell the domains apart. The accuracy says "six points better": and that is what it was all for. What DANN moves first are the directions that digits are read from. (The longer run of 1,200 steps, with 75 % of the target right, still had a distance of 1.05 ± 0.09.)

# %% [markdown]
# ## How sure is one probe?
#
# The halves are drawn at random. Draw them again, with other seeds:

# %%
found = [features(dann.model, pair, domain.test.images) for domain in (pair.source, pair.target)]
[round(probe.domain_probe(*found, seed=seed).a_distance, 2) for seed in range(5)]

# %% [markdown]
# They differ by about as much as the standard error says. A paper that reports one such distance without its uncertainty leaves you to guess.
#
# Nor is a small distance enough. A network that gives every image the same features has distance 0 and reads no digit. Distance and source accuracy belong together, and if there is a single number to trust, it is the accuracy on target labels that training and model selection have never seen.

# %% [markdown]
# ## Quiz

# %%
from dann_lab.lessons.quiz import quiz

quiz("04_feature_maps")

# %% [markdown]
# ## You saw
#
# * A map shows neighbours. Distances between groups, sizes and gaps come from the method, its settings and its seed.
# * Whether domains can be told apart is for a fresh probe to say, on images held out, and its number has an uncertainty.
# * The domain classifier that a network was trained with is not a judge of it.
# * Map, probe and accuracy answer three questions. Report them together.
#
# **Next**: [05_dashboard](05_dashboard.ipynb)
