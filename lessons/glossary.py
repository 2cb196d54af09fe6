# What lessons link to at the first use of a word. JupyterLab makes `#Domain-shift` of a heading.

# %% [markdown]
# # Glossary
#
# The words of the field, as these lessons use them. In code they have the same names.

# %% [markdown]
# ## Source
#
# The domain whose examples have labels that training may use. Here: plain digits, light ink on a dark ground. First met in [01_two_domains](01_two_domains.ipynb).

# %% [markdown]
# ## Target
#
# The domain in which the network is to work, and whose labels training never sees. They serve to judge the finished network only. Here: the same kind of digits behind stripes, or over patches of photographs. First met in [01_two_domains](01_two_domains.ipynb).

# %% [markdown]
# ## Domain shift
#
# The difference between how source and target look, while what is to be told apart (here: the ten digits) stays the same. It is why a network that is good on one can be poor on the other. See [01_two_domains](01_two_domains.ipynb).

# %% [markdown]
# ## Feature extractor
#
# The first part of the network: it turns an image into a vector of numbers, the features. Both other parts read nothing else. See [02_gradient_reversal](02_gradient_reversal.ipynb).

# %% [markdown]
# ## Label predictor
#
# The part that reads the class, here the digit, off the features. It learns from the source's labels. See [02_gradient_reversal](02_gradient_reversal.ipynb).

# %% [markdown]
# ## Domain classifier
#
# The part that tries to read off the features which domain an image is from. It is wanted for training only, and plays no part in a prediction. See [02_gradient_reversal](02_gradient_reversal.ipynb).

# %% [markdown]
# ## Gradient reversal
#
# A layer between features and domain classifier. Forward it changes nothing; backward it multiplies the gradient by minus lambda. So the domain classifier learns to tell the domains apart, and the features learn to make that hard. See [02_gradient_reversal](02_gradient_reversal.ipynb).

# %% [markdown]
# ## Lambda
#
# How strongly the features are pushed to hide the domain. At 0 they do not hear the domain classifier at all; the paper's schedule starts there and rises towards 1. In code it is `lambda_`, because Python has the word for itself. See [03_training](03_training.ipynb).

# %% [markdown]
# ## DANN
#
# Domain-adversarial neural network: feature extractor, label predictor and domain classifier, joined by gradient reversal and trained together. The layer and this way to train are from Ganin and Lempitsky, 2015. See [03_training](03_training.ipynb).

# %% [markdown]
# ## Domain loss
#
# The cross-entropy of the domain classifier: how surprised it is by the true domains of a batch. The domain classifier descends it, the features climb it. See [03_training](03_training.ipynb).

# %% [markdown]
# ## ln 2
#
# About 0.69: the domain loss of a classifier that guesses, that is, says half and half for every image. Some code sums the mean losses of the two domains, and guessing costs twice that there. It is not the same training: the domain classifier's gradient and the reversed one are then twice as large. See [03_training](03_training.ipynb).

# %% [markdown]
# ## Domain accuracy
#
# The share of images whose domain the domain classifier names rightly. With as many images from each domain, guessing gives 50 %, and so does one answer for everything. See [03_training](03_training.ipynb).

# %% [markdown]
# ## Source-only
#
# A network trained on the source's labels without any adaptation. What it reaches on the target is the level to beat. See [01_two_domains](01_two_domains.ipynb).

# %% [markdown]
# ## Target-only
#
# A network trained on the target's own labels, as if they were known. It marks what the same network reaches when nothing has to be adapted. See [03_training](03_training.ipynb).

# %% [markdown]
# ## Domain probe
#
# A fresh, simple classifier trained on finished features to tell the domains apart. Unlike the domain classifier it has not been worked against, so it is the fairer judge of the features. See [04_feature_maps](04_feature_maps.ipynb).

# %% [markdown]
# ## Proxy A-distance
#
# The error of a domain probe on images it was not trained on, turned into a distance: $2\,(1 - 2\,\text{error})$. It is 0 where the probe guesses and 2 where it is always right. See [04_feature_maps](04_feature_maps.ipynb).

# %% [markdown]
# ## Covariate shift
#
# The examples of the target lie elsewhere, but the rule from example to label is the same. See [06_when_dann_fails](06_when_dann_fails.ipynb).

# %% [markdown]
# ## Label shift
#
# The classes come in other shares in the target, while each class looks the same. See [06_when_dann_fails](06_when_dann_fails.ipynb).

# %% [markdown]
# ## Concept shift
#
# The rule itself is another one in the target: the same example has another label. Without labels of the target nobody can see it. See [06_when_dann_fails](06_when_dann_fails.ipynb).

# %% [markdown]
# ## Joint error
#
# The least sum of the errors on source and target that one and the same label predictor can have. It is the part of Ben-David's bound that needs the target's labels. See [06_when_dann_fails](06_when_dann_fails.ipynb).

# %% [markdown]
# ## PCA
#
# Principal component analysis: a flat view along the directions in which the features vary most. It is linear and the same each time, but shows only what those directions hold. See [04_feature_maps](04_feature_maps.ipynb).

# %% [markdown]
# ## t-SNE
#
# A map in two dimensions that tries to keep near neighbours near. Distances between clusters, and the clusters' sizes, mean little. See [04_feature_maps](04_feature_maps.ipynb).

# %% [markdown]
# ## UMAP
#
# Another map that keeps neighbourhoods, from a graph of nearest neighbours. What holds for t-SNE holds here: never read it alone. See [04_feature_maps](04_feature_maps.ipynb).

# %% [markdown]
# ## Batch norm
#
# A layer that shifts and scales each channel by the mean and the variance of the batch. Over a batch of both domains it may take them together or for each domain apart. See [07_going_further](07_going_further.ipynb).

# %% [markdown]
# ## Instance normalisation
#
# As batch norm, but for each image by itself: its own brightness and contrast, channel by channel, are taken away. See [07_going_further](07_going_further.ipynb).

# %% [markdown]
# ## Dropout
#
# While training, some channels are set to zero at random, so that the network cannot lean on a few of them. At test time all are there. See [07_going_further](07_going_further.ipynb).

# %% [markdown]
# ## Entropy
#
# A measure of doubt in a prediction: 0 where the network is sure of one class, largest where it finds all classes equally likely. It needs no labels. See [07_going_further](07_going_further.ipynb).

# %% [markdown]
# ## Checkpoint
#
# The state of a training run, kept in a file: weights, optimiser and step. Which one to keep is a question of its own where the target has no labels. See [07_going_further](07_going_further.ipynb).
