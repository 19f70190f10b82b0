"""What the last layer of a network computes, in words."""

from nndsl.network import Network


def output_text(network: Network) -> str:
    """As in `the last one is …`."""
    columns = network.target.columns
    match network.task:
        case "classes" if network.loss.name == "categorical_crossentropy":
            return "the class probabilities"
        case "classes":
            return "the score of each class"
        case "binary":
            return "the probability of the second class"
        case "labels":
            return "the probability of each label"
        case "margin":
            return "positive for the second class"
        case "distribution":
            return "a distribution over the outputs"
    if network.target.kind == "input":
        return "the reconstruction of x"
    scaled = "scaled " if network.train.scale_target else ""
    return f"the {scaled}prediction" if len(columns) != 1 else f"the {scaled}target"
