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
# **Time** about 30 minutes on a laptop's CPU, up to three of them computing. **Memory** under 1.6 GB, most of it for UMAP. **Download** none: the embedded pair.
# **Before this**: [03_training](03_training.ipynb).

# %% [markdown]
# ## Two networks
#
# One is [source-only](glossary.ipynb#Source-only): it has seen labelled digits of the [source](glossary.ipynb#Source), nothing of the [target](glossary.ipynb#Target). The other is a [DANN](glossary.ipynb#DANN): the same digits, the same first weights, and the reversed gradient of a [domain classifier](glossary.ipynb#Domain-classifier). Both are *deep*: everything as in *quick*, but for a [feature extractor](glossary.ipynb#Feature-extractor) of four small convolutions in place of two larger ones. Each trains in less than a minute; the next time it is there at once.

# %%
from dann_core import load_pair, preset
from dann_lab.lessons.networks import trained

pair = load_pair("stripes")
source_only = trained(pair, preset("deep", steps=800, mode="source"), "source only")
dann = trained(pair, preset("deep", steps=800, mode="dann"), "DANN")

# %%
for network in (source_only, dann):
    last = network.history.evaluations[-1]
    print(network.recipe.mode, f"{last.source_accuracy:.1%}", f"{last.target_accuracy:.1%}")

# %% [markdown]
# The first number is the source's accuracy, the second the target's. Five such pairs of networks, which differ only in the seed, read {{lessons/deep source/target as percents}} of the target when they had seen the source only, and {{lessons/deep dann/target as percents}} as DANN. It costs something on the source: {{lessons/deep source/source}} and {{lessons/deep dann/source}} were right there.
# {{claim: lessons/deep dann/target > lessons/deep source/target}}
# {{claim: lessons/deep dann/source < lessons/deep source/source}}
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
from dann_lab.lessons.predict import guess

guess("adapted-map")

# %%
from dann_lab.lessons.demonstrations import feature_maps

feature_maps({"source only": source_only, "DANN": dann})

# %% [markdown]
# Circles are source images, triangles target images; colour and number are the digit. Read the sentence as well as the picture: it counts neighbours, and it says what no map shows, the target's accuracy and the distance that a probe finds. Then **Colour by** *domain*, and you see at a glance what adaptation is about: two clouds, or one.
#
# How mixed the domains are on a map can be put into a number: 0 where no point has a neighbour of the other domain, 1 where as many have as in a well-shaken heap. Over five seeds each, PCA's and t-SNE's maps of source-only networks had {{lessons/deep source/mixing_pca as two}} and {{lessons/deep source/mixing_tsne as two}}, those of DANN {{lessons/deep dann/mixing_pca as range}} and {{lessons/deep dann/mixing_tsne as range}}.
# {{claim: lessons/deep dann/mixing_pca > lessons/deep source/mixing_pca}}
# {{claim: lessons/deep dann/mixing_tsne > lessons/deep source/mixing_tsne}}
#
# A map on which the clouds mix is easily taken for success. It is not one yet: they could mix with a 3 on an 8, or mix on the map alone.

# %% [markdown]
# ## Watch the map move
#
# These were maps of networks that had finished. Below, the same DANN is trained once more, from the same first weights, and its map moves with it: each frame goes on from the last one, so a point that moves has moved in the features, or its neighbours have.
#
# **Predict first**: among which will heaps of one digit come first, the circles or the triangles? And will triangles go in among the circles? Then press **Train**.

# %%
from dann_lab.lessons.demonstrations import live_map

live_map()

# %% [markdown]
# Try this, while it trains or afterwards:
#
# 1. Drag the time line back, and press **Replay**. Map and sentence go to that moment; training goes on.
# 2. Draw round a few triangles. Their digits appear below the map, with what the network says. Go back in time: the same digits stay chosen.
# 3. **Colour by** *domain* and replay: which of the two clouds moves, and when?
# 4. **Reset**, set [lambda](glossary.ipynb#Lambda) *by hand* to 0, and train again. What is missing now?
#
# The same on MNIST → MNIST-M, recorded over 4,000 steps, is in [00_start_here](00_start_here.ipynb).

# %% [markdown]
# ## Who keeps to themselves?
#
# On the maps of DANN many triangles have gone in among the circles, and some may keep to themselves. Is that real, or the map's doing? Ask the features: which target images have target images only among their ten nearest neighbours, by distance in all 2,352 dimensions? And do a target image's neighbours show the same digit?

# %%
from dann_lab.lessons import demonstrations
from dann_lab.maps import points

images = [domain.test.images[:200] for domain in (pair.source, pair.target)]
for name, network in {"source only": source_only, "DANN": dann}.items():
    alone = points.among_their_own(*(features(network.model, pair, each) for each in images))
    same = demonstrations.same_digit_nearby(network)
    print(f"{name}: {alone.sum()} of {len(alone)} alone; same digit nearby {same:.0%}")

# %% [markdown]
# It is real. Over five seeds each, all of the target's images were alone in each source-only network, and {{lessons/deep dann/alone as percents}} in DANN's: how far the clouds come together differs from seed to seed.
# {{claim: lessons/deep source/alone > 0.999}}
# {{claim: lessons/deep dann/alone < lessons/deep source/alone}}
#
# And they come together by digit. Of a target image's ten nearest, {{lessons/deep source/same_digit as percents}} show the same digit in the source-only networks: a heap with the digits mixed. In DANN's it is {{lessons/deep dann/same_digit as percents}}, without one label of theirs. That is what the [label predictor](glossary.ipynb#Label-predictor) can read.
# {{claim: lessons/deep dann/same_digit > lessons/deep source/same_digit}}
#
# Lesson 01 let the stripes fade in over the source's test digits. Here are both networks:

# %%
demonstrations.by_light({"source only": source_only, "DANN": dann})

# %% [markdown]
# Without stripes DANN reads a little less than source-only does: {{lessons/deep dann/no_stripes}} and {{lessons/deep source/no_stripes}} over five seeds. Behind stripes as bright as the target's it still reads {{lessons/deep dann/target}}, where source-only has come down to {{lessons/deep source/target}}. So it has learnt to read through them, and pays for it with a few plain digits.
# {{claim: lessons/deep dann/no_stripes < lessons/deep source/no_stripes}}

# %% [markdown]
# ## The same points, another map
#
# Nothing changes below but how t-SNE draws: the *perplexity*, which is about how many neighbours each point tries to keep, and the positions it starts from.
#
# **Predict first**: which of these will stay the same: who is next to whom, which groups are next to each other, how large a group is?

# %%
guess("same-points")

# %%
from dann_lab.lessons.demonstrations import misleading_maps

misleading_maps(dann)

# %% [markdown]
# Try this:
#
# 1. Go through the perplexities. At 2 the map falls into crumbs, at 100 it closes up. The features are the same in all of them.
# 2. Start at random, with seed 1, then with seed 2. Groups change places. The sentence counts the digits whose nearest other digit on the map is the nearest one in the features too, from mean to mean. In our sixty maps, twelve of each of five DANN, that held for {{lessons/agreeing/least as whole}} to {{lessons/agreeing/most as whole}} of the 10.
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
guess("guessing")

# %%
import inspect

from IPython.display import Code

from dann_core import probe

Code(inspect.getsource(probe.domain_probe), language="python")

# %% [markdown]
# It learns from one half of each domain and is tested on the other half. The error becomes a distance, the [proxy A-distance](glossary.ipynb#Proxy-A-distance) of Ben-David and others (2007), which grows as the error falls.

# %% [markdown]
# ### Exercise: A fair proxy A-distance · difficulty ●●○ · 6 minutes
#
# `domain_probe` takes as many images of each domain. Data of your own may have 90 of one and 10 of the other, where who always names the larger one is right on 90 %.


# %% tags=["exercise-proxy_a_distance"]
import numpy as np


def proxy_a_distance(answers, domains):
    """2 (1 - 2 error) of a domain probe; a probe that knows nothing should get 0.

    Arrays [N] of 0 (source) and 1 (target): what the probe says, and what is true. There may be
    90 source images and 10 target ones.
    """
    return ...


# %%
from dann_lab.exercises import exercises

exercises.proxy_a_distance.check(proxy_a_distance)

# %% [markdown]
# ## Three distances
#
# In the raw pixels, in the source-only network's features, and in DANN's.
#
# **Predict first**: which of the three is the smallest? Then run the cell.

# %%
guess("three-distances")

# %%
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
# Surprised? In the pixels we found {{lessons/pixels/a_distance as two}}; in the features of the source-only networks {{lessons/deep source/a_distance as two}}, in those of DANN {{lessons/deep dann/a_distance as two}}, each a mean over five seeds. On the maps many triangles lie among the circles, in some runs nearly all, and yet the probe tells the domains apart nearly always. Both are right: among 2,352 features a few directions are enough for the probe, and a map has no room for them.
# {{claim: lessons/deep dann/a_distance > 1.8}}
# {{claim: lessons/deep source/a_distance > 1.8}}
#
# So three views of one network disagree, and each is right about something. {{claim: lessons/deep dann/domain < 0.65}}Its own domain classifier names {{lessons/deep dann/domain as percents}} of the domains rightly: it is deceived, and does little better than guessing. The probe says "I can still tell": there are directions left that tell the domains apart. The accuracy says that the digits can be read, and that is what it was all for.
#
# The theory behind the distance runs one way only. Where the distance is small and the source is read well, and one rule can serve both domains, the target is read well too. Where it is large the theory promises nothing. It does not say that the target is read badly.

# %% [markdown]
# ## Ask further up
#
# The label predictor does not use all 2,352 features alike. Let a probe look at what is left of the domain inside it: after its first hidden layer, and in its ten logits.
#
# **Predict first**: in which order do the three distances come?

# %%
guess("further-up")

# %%
demonstrations.distances(demonstrations.probes_on_the_way(dann))

# %%
demonstrations.distances(demonstrations.probes_on_the_way(source_only))

# %% [markdown]
# Where digits are read, the domain fades. In the first hidden layer we found {{lessons/deep source/a_hidden as range}} for source-only networks and {{lessons/deep dann/a_hidden as range}} for DANN; in the ten logits {{lessons/deep source/a_logits as range}} and {{lessons/deep dann/a_logits as range}}. (Five seeds each; the least and the most. Below 0 is chance.) So this is how far the distance falls: from {{lessons/deep source/a_logits}} to {{lessons/deep dann/a_logits}} in the logits.
# {{claim: lessons/deep dann/a_hidden < lessons/deep source/a_hidden}}
# {{claim: lessons/deep dann/a_logits < lessons/deep source/a_logits}}
# {{claim: lessons/deep dann/a_logits < lessons/deep dann/a_hidden}}

# %% [markdown]
# ## How sure is one probe?
#
# The halves are drawn at random. Draw them again, with other seeds, for DANN's logits:

# %%
logits = demonstrations.label_logits(dann)
[round(probe.domain_probe(*logits, seed=seed).a_distance, 2) for seed in range(5)]

# %% [markdown]
# This shows what the choice of the halves does. In our five DANN such five answers had a standard deviation of {{lessons/deep dann/a_logits_splits as range}}. It does not test the standard error ({{lessons/deep dann/a_logits_error as range}} there), for that is about *other* test images, and these are the same 800, shuffled.
#
# Neither tells what another training would give. The five DANN above differ in nothing but the seed, and their distances in the logits go from end to end of {{lessons/deep dann/a_logits as range}}. A paper that reports one such distance, of one network, without its uncertainty, leaves you to guess.
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
# * DANN brought the clouds together, digit by digit: on the maps, among near neighbours, and most of all where the label predictor reads. In all 2,352 features together a probe can still tell the domains apart.
# * The domain classifier that a network was trained with is not a judge of it.
# * Map, probe and accuracy answer three questions. Report them together.
#
# **Next**: [05_dashboard](05_dashboard.ipynb)
