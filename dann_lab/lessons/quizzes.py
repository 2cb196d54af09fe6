"""The questions of each lesson's quiz, with feedback for every answer. Code is in `backticks`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """One choice. ``feedback`` says why it is right or wrong."""

    text: str
    feedback: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question with three or four answers, exactly one of them right."""

    text: str
    answers: tuple[Answer, ...]


def right(text: str, feedback: str) -> Answer:
    return Answer(text, feedback, right=True)


QUIZZES: dict[str, tuple[Question, ...]] = {
    "01_two_domains": (
        Question(
            "Which of these may training look at?",
            (
                Answer(
                    "Source images with labels, nothing else",
                    "That is the source-only network. Adaptation needs to see the target's images "
                    "too, or it could not know what to adapt to.",
                ),
                right(
                    "Source images with labels, target images without",
                    "The target's images tell how its domain looks. Its labels stay in the "
                    "drawer until the network is judged.",
                ),
                Answer(
                    "Images of both domains, each of them with its label",
                    "Then there would be nothing to adapt: that is the target-only network's "
                    "advantage, which serves as the upper bound.",
                ),
            ),
        ),
        Question(
            "A pixel of the photo is 10, the same pixel of the digit is 200, both uint8. What does "
            "`photo - digit` give?",
            (
                Answer(
                    "-190",
                    "In ordinary arithmetic, yes. But uint8 has no negative numbers to hold it.",
                ),
                Answer(
                    "190",
                    "That is the distance that the blend is after. Unsigned subtraction alone does "
                    "not give it, nor does `abs` afterwards.",
                ),
                right(
                    "66",
                    "It wraps round: 10 - 200 + 256. So go to a signed type first, subtract, "
                    "take the absolute value, and come back.",
                ),
                Answer(
                    "An error",
                    "If only! NumPy and PyTorch wrap round without a word, which is why this bug "
                    "goes unseen.",
                ),
            ),
        ),
        Question(
            "The source-only network is good on the source and poor on the target. Why?",
            (
                right(
                    "Its features serve a look that the target does not share",
                    "The digits are the same; how the pixels show them is not. Nothing in its "
                    "training rewarded features that carry over.",
                ),
                Answer(
                    "It was trained for too few steps to get from source to target",
                    "More steps on the source can at best make it better on the source. The gap to "
                    "the target stays, because nothing asks for closing it.",
                ),
                Answer(
                    "The target shows other digits",
                    "Both domains show the ten digits. How they look differs.",
                ),
            ),
        ),
        Question(
            "Two people report a target accuracy on MNIST-M, each on a build of their own. May you "
            "compare the two?",
            (
                Answer(
                    "Yes, MNIST-M is one data set",
                    "It is a recipe. Photos, patches and random seed differ from build to build, "
                    "and many links to a ready-made one are dead.",
                ),
                Answer(
                    "Yes, if both used the same network",
                    "That removes one difference. The test images still differ.",
                ),
                right(
                    "Only roughly, unless the builds are the same",
                    "Other patches make other images. That is why every result here "
                    "names its build.",
                ),
            ),
        ),
    ),
    "02_gradient_reversal": (
        Question(
            "The paper subtracts lambda times the domain loss. The code adds the domain loss. Why "
            "is that no contradiction?",
            (
                Answer(
                    "The sign of a loss does not matter to the optimiser",
                    "It matters very much: with a plain minus, the domain classifier would climb "
                    "its own loss.",
                ),
                Answer(
                    "The paper has a misprint",
                    "The paper is right. It describes a saddle point, where one part goes down and "
                    "another goes up the same loss.",
                ),
                right(
                    "The layer supplies the minus and the lambda, for the features alone",
                    "Added, the loss reaches the domain classifier as it is. On its way further "
                    "down, the layer turns the gradient round.",
                ),
            ),
        ),
        Question(
            "Lambda goes from 1 down to 0.1. What happens to the domain classifier's own gradient, "
            "at the same weights?",
            (
                Answer(
                    "It shrinks to a tenth",
                    "That is what happens if you scale the domain loss. The reversal layer sits "
                    "below the domain classifier, so its scaling comes too late to touch it.",
                ),
                right(
                    "Nothing",
                    "The layer scales only what passes through it, which is what the features "
                    "receive. The domain classifier learns at full strength.",
                ),
                Answer(
                    "It changes its sign",
                    "Only the gradient below the layer has its sign changed, whatever lambda is.",
                ),
            ),
        ),
        Question(
            "What does the reversal layer do on the way forward?",
            (
                right(
                    "Nothing: out comes what went in",
                    "All it does, it does to the gradient on the way back.",
                ),
                Answer(
                    "It changes the sign of the features",
                    "Then the sign would change twice, on the way there and on the way back, and "
                    "the features would be pushed to show the domain.",
                ),
                Answer(
                    "It multiplies the features by lambda",
                    "Then lambda at 0 would leave the domain classifier nothing to look at.",
                ),
            ),
        ),
        Question(
            "Without the layer, you subtract lambda times the domain loss from the label loss and "
            "let one optimiser minimise that. What does the domain classifier learn?",
            (
                Answer(
                    "To tell the domains apart, as before",
                    "It descends what the optimiser minimises, and that now has its loss with a "
                    "minus.",
                ),
                right(
                    "To give one answer for everything, louder and louder",
                    "It climbs its own loss, and that is a way up without end: half of the answers "
                    "are wrong, so its accuracy is 50 %. On the moons the loss went into the "
                    "thousands. An answer that does not depend on the features does not push them.",
                ),
                Answer(
                    "To name the wrong domain each time, far below 50 %",
                    "For that it would have to tell the domains apart. In none of our runs on the "
                    "moons did it: its accuracy ended at 49 % or 50 %.",
                ),
                Answer(
                    "Nothing, its gradient is zero",
                    "At the same weights its gradient is lambda times as large as with the layer. "
                    "It points the other way.",
                ),
            ),
        ),
    ),
    "03_training": (
        Question(
            "After the first steps the domain loss stays near 0.69. What does it mean?",
            (
                Answer(
                    "The domain classifier is broken",
                    "It may be, and a check is cheap: with lambda at 0 its loss should fall. If it "
                    "does, the domain classifier works.",
                ),
                right(
                    "The domain classifier does little better than guessing",
                    "0.69 is ln 2, the loss of saying half and half for every image. The features "
                    "give this domain classifier little to go by. If it has once been better, "
                    "that is what was wanted.",
                ),
                Answer(
                    "The loss of one half is missing: guessing costs 1.39",
                    "1.39 is 2 ln 2. So much it costs where the mean losses of the two halves are "
                    "summed. That is not the same training: it doubles the domain classifier's "
                    "gradient and the reversed one. One mean over all images gives 0.69.",
                ),
                Answer(
                    "The target's accuracy must be high by now",
                    "It does not follow. Features that say nothing at all also hide the domain, so "
                    "look at the label loss and, if you may, at the target.",
                ),
            ),
        ),
        Question(
            "The domain accuracy ends somewhere between 50 % and 100 %, and the target has become "
            "better. What now?",
            (
                right(
                    "Nothing: adaptation needs a push, not a perfect disguise",
                    "50 % is the ideal that the theory names. Real runs often stay above it, and "
                    "the features have gained all the same.",
                ),
                Answer(
                    "Raise lambda step by step until it has come down to 50 %",
                    "That can cost more than it gives: too strong a push spoils what the label "
                    "predictor needs, or makes training blow up.",
                ),
                Answer(
                    "Give the domain classifier fewer weights",
                    "A weaker judge is fooled sooner. Its 50 % would then say little "
                    "about the features.",
                ),
            ),
        ),
        Question(
            "Which lambda do you use when the finished network labels new images?",
            (
                Answer(
                    "The last one of the schedule, usually close to 1",
                    "It would change nothing. Follow an image to its label: it never passes the "
                    "reversal layer.",
                ),
                Answer(
                    "0, to switch adaptation off",
                    "There is nothing left to switch off. The adaptation is in the weights.",
                ),
                right(
                    "None: it plays no part in a prediction",
                    "Lambda acts on gradients on their way back. Labelling goes forward only, "
                    "past the domain classifier.",
                ),
            ),
        ),
        Question(
            "With a large lambda from the first step on, losses become NaN. What is the likeliest "
            "reason?",
            (
                Answer(
                    "The label loss divides by zero",
                    "Cross-entropy from logits is safe there. Look for a loss that some part of "
                    "the network climbs.",
                ),
                right(
                    "The features climb the domain loss, which has no upper end",
                    "The features grow and grow, and so do the numbers computed from them, until "
                    "they overflow. A lambda that starts at 0 and rises, as the paper's does, "
                    "pushes less while the domain classifier is still weak.",
                ),
                Answer(
                    "The domain classifier learns too slowly because of lambda",
                    "Lambda leaves the domain classifier's own gradient alone. It drives the "
                    "features.",
                ),
            ),
        ),
    ),
    "04_feature_maps": (
        Question(
            "In a t-SNE map of the features, source and target points lie mixed. What may you "
            "conclude?",
            (
                Answer(
                    "The domains can no longer be told apart, neither here nor in the features",
                    "The map has two dimensions, the features have thousands. A domain probe may "
                    "still find a direction that separates them.",
                ),
                Answer(
                    "The target's accuracy is high",
                    "Mixed is not the same as mixed class by class. Look at the accuracy itself.",
                ),
                right(
                    "Near neighbours often come from both domains; for more, ask a probe",
                    "That is what such a map shows. The probe and the accuracy say what it means.",
                ),
            ),
        ),
        Question(
            "Why train a fresh domain probe, when the network has a domain classifier already?",
            (
                right(
                    "The features have learnt to fool just that classifier",
                    "A fresh probe, trained on features that hold still, is the fairer judge.",
                ),
                Answer(
                    "A probe is larger, and a larger one judges more accurately",
                    "It can even be smaller. What counts is that nobody is working against it "
                    "while it learns.",
                ),
                Answer(
                    "The domain classifier needs target labels",
                    "It needs to know the domain of an image, never its digit. That is known for "
                    "every image.",
                ),
            ),
        ),
        Question(
            "A probe is wrong on half of the held-out images. What is the proxy A-distance, "
            "`2 * (1 - 2 * error)`?",
            (
                Answer(
                    "2",
                    "That is the other end: a probe that makes no error, so domains that are far "
                    "apart.",
                ),
                Answer(
                    "1",
                    "That would take an error of a quarter. Put one half into the formula.",
                ),
                right(
                    "0",
                    "A probe that guesses sees no distance between the domains.",
                ),
            ),
        ),
        Question(
            "In a UMAP map one cluster lies twice as far from a second as from a third. What does "
            "that tell you?",
            (
                right(
                    "Little: try another seed and see whether it stays",
                    "What changes with the seed was not in the features. What stays may be, and "
                    "distances between the features themselves tell.",
                ),
                Answer(
                    "In the features it is twice as far, too",
                    "Such maps try to keep neighbourhoods. Distances between clusters can depend "
                    "on the seed and the settings.",
                ),
                Answer(
                    "The third cluster has the same label",
                    "The map was drawn without labels. The colours say which label a point has.",
                ),
            ),
        ),
    ),
    "06_when_dann_fails": (
        Question(
            "Source error near 0, domain accuracy 50 %. What do you know of the target's error?",
            (
                right(
                    "Nothing yet",
                    "Two of the three parts of the bound are small. The third, the joint error, "
                    "can be anything, and no number of these two shows it.",
                ),
                Answer(
                    "It is near 0 as well, by the bound",
                    "The bound has a third part, the joint error. Features that are aligned the "
                    "wrong way round have a large one.",
                ),
                Answer(
                    "It is near 50 %, as the domain accuracy says",
                    "The domain accuracy is about which domain, not about which class.",
                ),
            ),
        ),
        Question(
            "In the source half of the photos are cats, in the target a tenth; a cat looks like "
            "a cat in both. Which shift is it?",
            (
                Answer(
                    "Covariate shift: the photos that come are others",
                    "They do come in other numbers. But within a class nothing has changed, only "
                    "how often the class comes.",
                ),
                right(
                    "Label shift",
                    "The classes' shares differ, each class looks the same. Aligning the whole "
                    "domains then pulls against the truth.",
                ),
                Answer(
                    "Concept shift: the rule is another one",
                    "The rule from photo to label is the same: a cat is a cat.",
                ),
            ),
        ),
        Question(
            "Ten networks with ten seeds agree on nearly every target example. So",
            (
                Answer(
                    "they are right on nearly all of them",
                    "On the swapped moons they agreed, and were wrong.",
                ),
                Answer(
                    "the domains must be aligned class by class",
                    "All of them may have aligned the same wrong way.",
                ),
                right(
                    "one warning sign is missing, and you still label fifty of them",
                    "Disagreement would have been a warning. Agreement is none, and no proof.",
                ),
            ),
        ),
        Question(
            "Which part of the bound can DANN make *larger* while it trains?",
            (
                Answer(
                    "The source error, for the features no longer serve the source",
                    "It pays a little there, but the label loss keeps it small: look at the bar.",
                ),
                right(
                    "The joint error",
                    "When points of different classes come to lie on each other, no line is right "
                    "for both domains any more.",
                ),
                Answer(
                    "The distance, for it is pushed away from the domain classifier",
                    "The push away from the domain loss is what makes the distance small.",
                ),
            ),
        ),
    ),
    "07_going_further": (
        Question(
            "You have no target labels. How do you choose the checkpoint to keep?",
            (
                Answer(
                    "The one with the best accuracy on the target's test set",
                    "That needs the labels that you do not have. A number chosen so can be higher "
                    "than any that you could have found.",
                ),
                right(
                    "By a rule fixed in advance that needs no target labels",
                    "The last step, say, or source accuracy together with how sure the network is "
                    "on the target. Each can mislead, so name the rule beside the result.",
                ),
                Answer(
                    "The one with the lowest domain loss",
                    "A low domain loss means that the domains are told apart with ease, the "
                    "opposite of what the features were asked for.",
                ),
            ),
        ),
        Question(
            "Two papers give 70 % and 90 % for DANN on MNIST-M. What do you check first?",
            (
                Answer(
                    "Which of the two has a bug, since both cannot be right",
                    "Both can. Many honest choices move this number; perhaps neither has a bug.",
                ),
                Answer(
                    "The random seed",
                    "Seeds move it too, so ask for several runs of each. But look first at what "
                    "the two did differently.",
                ),
                right(
                    "How each was trained, on which build, and counted",
                    "Network, normalisation, training length, data build, which images were "
                    "tested, how batches were paired and the checkpoint chosen. In this lesson "
                    "network and time moved it by ten points, the last three not at all. With "
                    "another recipe that can differ. Compare like with like.",
                ),
            ),
        ),
        Question(
            "Batch norm sees a batch of half source, half target. What is shared statistics, as "
            "against separate ones?",
            (
                right(
                    "One mean and variance for both halves, not one for each",
                    "Separate statistics take part of the domains' difference away by themselves. "
                    "Which does better is a question for a measurement.",
                ),
                Answer(
                    "One set of batch-norm weights for both heads, not one for each",
                    "The question is about which images the mean and variance are taken over.",
                ),
                Answer(
                    "Statistics of the source used on the target",
                    "That happens when target images are shown to a network trained on the source "
                    "only. Here both halves are in the batch.",
                ),
            ),
        ),
        Question(
            "What does instance normalisation of the input take away?",
            (
                Answer(
                    "The digit's shape",
                    "The shape stays: every pixel of an image is shifted and scaled alike.",
                ),
                right(
                    "Each image's own brightness and contrast",
                    "Channel by channel. A photo patch and plain paper differ in those, whichever "
                    "digit is on them.",
                ),
                Answer(
                    "The need for adaptation, since the domains look alike",
                    "It makes the domains more alike to begin with. What is behind the digit, a "
                    "photo or stripes, is still there.",
                ),
            ),
        ),
    ),
    "08_your_own_data": (
        Question(
            "Your target has no labels. The network is right on 100 % of the source, and on the "
            "target its mean confidence is 97 %. What do you know of its accuracy there?",
            (
                right(
                    "Nothing yet",
                    "In this lesson such networks were right on about 82 % of the target, and "
                    "they were nearly as sure of their mistakes.",
                ),
                Answer(
                    "It is about 97 %, for that is what confidence means",
                    "It would, if it had been calibrated with labels of the target. From the "
                    "source a network learns to be sure, wherever the picture comes from.",
                ),
                Answer(
                    "It is at most 97 %",
                    "An accuracy can also be higher than the confidence. The one gives no bound "
                    "for the other.",
                ),
            ),
        ),
        Question(
            "The rule that you had fixed chose network A. Then you label fifty pictures, and "
            "network B is better on them by two. What do you do?",
            (
                Answer(
                    "Report B, for now there are labels to go by",
                    "Then the fifty have been used to choose, and the figure counted on them is "
                    "too good. For a fair one you would need fifty new ones.",
                ),
                Answer(
                    "Label fifty more, and go on until the two are equal",
                    "Whoever stops when the count is as wished has chosen by the labels, too. Fix "
                    "the number before.",
                ),
                right(
                    "Report A, and say how it was chosen",
                    "Two pictures are well within the standard error, and A is what your rule "
                    "gives. You may mention B beside it.",
                ),
            ),
        ),
        Question(
            "Why does DANN with lambda 0 belong beside DANN?",
            (
                Answer(
                    "It shows how good a network with labels of the target could be at best",
                    "That is target-only. Lambda 0 has no labels of the target either.",
                ),
                right(
                    "It sees the target as DANN does, but reverses nothing",
                    "So what DANN has above it is the reversal's work. Batch norm and the number "
                    "of labelled pictures in a step are the same in both.",
                ),
                Answer(
                    "It trains faster than the other two",
                    "It does the same steps. What counts is what it leaves out.",
                ),
            ),
        ),
        Question(
            "Half of the target are mugs, but only a fifth of the source. What can go wrong?",
            (
                Answer(
                    "Nothing, as long as each class is in both folders",
                    "How frequent they are counts as well: what is made alike are two crowds.",
                ),
                right(
                    "Mugs are pushed to where other classes lie, for the two crowds to look alike",
                    "The domain classifier sees a crowd with many mugs and one with few. Features "
                    "that hide it have to put some mugs among other things.",
                ),
                Answer(
                    "The source is learnt less well, because it lacks mugs",
                    "A fifth of the source are mugs, which is as many as of the other four.",
                ),
            ),
        ),
    ),
}
