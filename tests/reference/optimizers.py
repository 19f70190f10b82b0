"""Optimizers and schedules in plain Python floats, as PyTorch's documentation has them.

Written from the algorithms of https://docs.pytorch.org/docs/stable/optim.html, which
number steps from 1; lion from algorithm 2 of Chen et al., Symbolic Discovery
of Optimization Algorithms, 2023.  Each optimizer sees one number at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

Step = Callable[[float, float], float]


def sgd(
    lr: float = 0.001,
    momentum: float = 0.0,
    nesterov: bool = False,
    weight_decay: float = 0.0,
) -> Step:
    buffer: list[float] = []

    def step(theta: float, g: float) -> float:
        g = g + weight_decay * theta
        if momentum != 0:
            buffer[:] = [momentum * buffer[0] + g if buffer else g]
            g = g + momentum * buffer[0] if nesterov else buffer[0]
        return theta - lr * g

    return step


def adam(
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    weight_decay: float = 0.0,
    decoupled: bool = False,
) -> Step:
    m = v = 0.0
    t = 0

    def step(theta: float, g: float) -> float:
        nonlocal m, v, t
        t += 1
        if decoupled:
            theta = theta - lr * weight_decay * theta
        else:
            g = g + weight_decay * theta
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        return theta - lr * m_hat / (math.sqrt(v_hat) + epsilon)

    return step


def adamw(weight_decay: float = 0.01, **options: Any) -> Step:
    return adam(weight_decay=weight_decay, decoupled=True, **options)


def nadam(
    lr: float = 0.002,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    weight_decay: float = 0.0,
    momentum_decay: float = 0.004,
) -> Step:
    m = v = 0.0
    t = 0
    product = 1.0

    def step(theta: float, g: float) -> float:
        nonlocal m, v, t, product
        t += 1
        g = g + weight_decay * theta
        mu = beta1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))
        mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * momentum_decay))
        product *= mu
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        m_hat = mu_next * m / (1 - product * mu_next) + (1 - mu) * g / (1 - product)
        v_hat = v / (1 - beta2**t)
        return theta - lr * m_hat / (math.sqrt(v_hat) + epsilon)

    return step


def radam(
    lr: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    weight_decay: float = 0.0,
) -> Step:
    m = v = 0.0
    t = 0
    rho_inf = 2 / (1 - beta2) - 1

    def step(theta: float, g: float) -> float:
        nonlocal m, v, t
        t += 1
        g = g + weight_decay * theta
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        m_hat = m / (1 - beta1**t)
        rho = rho_inf - 2 * t * beta2**t / (1 - beta2**t)
        if rho <= 5:
            return theta - lr * m_hat
        length = math.sqrt(1 - beta2**t) / (math.sqrt(v) + epsilon)
        above = (rho - 4) * (rho - 2) * rho_inf
        below = (rho_inf - 4) * (rho_inf - 2) * rho
        return theta - lr * m_hat * math.sqrt(above / below) * length

    return step


def adamax(
    lr: float = 0.002,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    weight_decay: float = 0.0,
) -> Step:
    m = u = 0.0
    t = 0

    def step(theta: float, g: float) -> float:
        nonlocal m, u, t
        t += 1
        g = g + weight_decay * theta
        m = beta1 * m + (1 - beta1) * g
        u = max(beta2 * u, abs(g) + epsilon)
        return theta - lr * m / ((1 - beta1**t) * u)

    return step


def adagrad(
    lr: float = 0.01, epsilon: float = 1e-10, weight_decay: float = 0.0
) -> Step:
    total = 0.0

    def step(theta: float, g: float) -> float:
        nonlocal total
        g = g + weight_decay * theta
        total += g * g
        return theta - lr * g / (math.sqrt(total) + epsilon)

    return step


def rmsprop(
    lr: float = 0.01,
    alpha: float = 0.99,
    epsilon: float = 1e-8,
    momentum: float = 0.0,
    weight_decay: float = 0.0,
) -> Step:
    v = buffer = 0.0

    def step(theta: float, g: float) -> float:
        nonlocal v, buffer
        g = g + weight_decay * theta
        v = alpha * v + (1 - alpha) * g * g
        buffer = momentum * buffer + g / (math.sqrt(v) + epsilon)
        return theta - lr * buffer

    return step


def adadelta(
    lr: float = 1.0, rho: float = 0.9, epsilon: float = 1e-6, weight_decay: float = 0.0
) -> Step:
    v = u = 0.0

    def step(theta: float, g: float) -> float:
        nonlocal v, u
        g = g + weight_decay * theta
        v = rho * v + (1 - rho) * g * g
        delta = math.sqrt(u + epsilon) / math.sqrt(v + epsilon) * g
        u = rho * u + (1 - rho) * delta * delta
        return theta - lr * delta

    return step


def lion(
    lr: float = 1e-4,
    beta1: float = 0.9,
    beta2: float = 0.99,
    weight_decay: float = 0.0,
) -> Step:
    m = 0.0

    def step(theta: float, g: float) -> float:
        nonlocal m
        update = beta1 * m + (1 - beta1) * g
        sign = (update > 0) - (update < 0)
        m = beta2 * m + (1 - beta2) * g
        return theta - lr * (sign + weight_decay * theta)

    return step


OPTIMIZERS: dict[str, Callable[..., Step]] = {
    "sgd": sgd,
    "adam": adam,
    "adamw": adamw,
    "nadam": nadam,
    "radam": radam,
    "adamax": adamax,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adadelta": adadelta,
    "lion": lion,
}


# Schedules: the rate of a step from 0 of an epoch from 0


def one_cycle(
    most: float,
    step: int,
    total: int,
    rising: float = 0.3,
    start: float = 25.0,
    end: float = 1e4,
) -> float:
    """PyTorch's OneCycleLR in two phases: cosine annealing up, then down."""

    def annealed(first: float, last: float, share: float) -> float:
        return last + (first - last) / 2 * (1 + math.cos(math.pi * share))

    initial = most / start
    lowest = initial / end
    top = rising * total - 1
    if step <= top:
        return annealed(initial, most, step / top)
    return annealed(most, lowest, (step - top) / (total - 1 - top))
