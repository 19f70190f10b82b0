"""What classes and settings of other libraries are in nndsl."""

ELSEWHERE: dict[str, tuple[str, tuple[str, ...]]] = {
    "standardscaler": (
        "scikit-learn's StandardScaler is `scale standard` in the train block, or "
        "`scale=standard` on an input line.",
        ("scale",),
    ),
    "minmaxscaler": (
        "scikit-learn's MinMaxScaler is `scale minmax` in the train block, or "
        "`scale=minmax` on an input line.",
        ("scale",),
    ),
    "robustscaler": (
        "scikit-learn's RobustScaler is `scale robust` in the train block, or "
        "`scale=robust` on an input line.",
        ("scale",),
    ),
    "onehotencoder": (
        "In place of scikit-learn's OneHotEncoder, an input line says that its "
        "column holds labels: `input sex: any` learns them from the training rows, "
        "`input sex: female | male` names them.",
        ("input",),
    ),
    "simpleimputer": (
        "scikit-learn's SimpleImputer is `missing=mean` or `missing=median` on an "
        "input line, or `missing mean` in the train block.",
        ("missing",),
    ),
    "mlpclassifier": (
        "In place of scikit-learn's MLPClassifier, write a `network` that ends in "
        "`dense 3 softmax` for three classes, or in `dense 1 sigmoid` for two. "
        "`nndsl compile --target sklearn` makes its class a scikit-learn estimator.",
        ("network",),
    ),
    "mlpregressor": (
        "In place of scikit-learn's MLPRegressor, write a `network` that ends in "
        "`dense 1` and has `loss mean_squared_error`. "
        "`nndsl compile --target sklearn` makes its class a scikit-learn estimator.",
        ("network",),
    ),
    "sequential": (
        "Sequential of Keras and PyTorch is a `network`: each layer is a line of its "
        "own, in the same order.",
        ("network",),
    ),
    "alpha": (
        "scikit-learn's `alpha`, the L2 penalty of MLPClassifier and MLPRegressor, is "
        "the setting `l2`, but divided by twice the rows of a batch: for batches of "
        "32 rows, `l2 0.0000016` stands for `alpha=0.0001`.",
        ("l2",),
    ),
}
"""By name in lower case: what to write here, and which pages say more."""
