"""Other right answers to the assignment on infinite width, and typical wrong ones.

ANSWERS are complete sets of answers with other forms or algorithms, which get full marks. WRONG has
a plausible error each, and the ids of the tests that give no points then.
"""

# The tree of chapter 8 as stacks of marks; it is as deep as the word needs it.
STACKS = r"""
def act(letter, state):
    "One letter of W_0 on a sum of stacks, as a dict from the stack to its factor."
    put, take = ("1", "2") if letter == "W" else ("2", "1")
    found = {}
    for stack, factor in state.items():
        found[stack + put] = found.get(stack + put, 0) + sigma * factor
        if stack.endswith(take):
            found[stack[:-1]] = found.get(stack[:-1], 0) + sigma * factor
    return found
"""

# All pairings of a word, crossing ones too.
PAIRINGS = r"""
def pairings(places):
    if not places:
        return [[]]
    return [
        [(places[0], partner)] + rest
        for partner in places[1:]
        for rest in pairings([p for p in places[1:] if p != partner])
    ]


def crosses(pairs):
    return any(i < k < j < m for i, j in pairs for k, m in pairs)


def brackets(word):
    "Number of bracketings."
    return sum(
        not crosses(pairs) and all(word[i] != word[j] for i, j in pairs)
        for pairs in pairings(list(range(len(word))))
    )
"""

ANSWERS = (
    # On the tree; the paired bulk by its quadratic equation; the loss in the time domain.
    {
        "q1-hand": r"""
# The two halves side by side; if the ends can be paired, what is inside comes too.
by_hand = (w**2 + sigma**2) ** 2
if hand_word[0] != hand_word[3]:
    by_hand += sigma**2 * (w**2 + sigma**2)
""",
        "q1-planted": STACKS
        + r"""

def planted(word):
    state = {"": sp.Integer(1)}
    for letter in word[::-1]:
        root = state.get("", 0)
        state = act(letter, state)
        state[""] = state.get("", 0) + w * root
    return state.get("", sp.Integer(0))
""",
        "q2-resolvent": r"""
R = sp.Symbol("R")
both = sp.solve(xi * sigma**2 * R**2 - lam * R + 1, R)
(resolvent,) = [x for x in both if abs(x.subs({lam: 100, sigma: 1, xi: 0.5}) - 0.01) < 0.001]
""",
        "q2-outlier": r"""
outlier = (w**2 + sigma**2 * xi) / w
""",
        "q2-edge": r"""
w_edge = sp.sqrt(sigma**2)
""",
        "q2-transfer": r"""
root = sp.sqrt((z + 1) ** 2 - 4 * xi * sigma**2)
F_paired = 2 / (z + 1 + root - 2 * w)
""",
        "q2-needed": r"""
w_needed = max(np.roots([1, -(1 - c_goal), paired * radius**2]).real)
""",
        "q3-transfer": r"""
size = link + 1
chain = sp.Matrix(size, size, lambda i, j: sigma if i == j + 1 else 0)
chain[0, 0] = w
heard = ((z + 1) * sp.eye(size) - chain).inv()[:, 0]
F_wide = a * heard[0] + zeta * sigma**link * heard[link]
""",
        # Sums of amplitude * t^k exp(-rate t), by partial fractions and term by term.
        "q3-loss": r"""
reach = zeta * sigma ** (2 * link)
parts = [(1 - w, 0, a + reach / w**link), (c_star, 0, -1)]
parts += [
    (1, k, -reach / w ** (link - k) / sp.factorial(k)) for k in range(link)
]
loss_wide = sum(
    p * q * sp.factorial(k + m) / (x + y) ** (k + m + 1) / 2
    for x, k, p in parts
    for y, m, q in parts
)
""",
        "q3-best": r"""
F_one = 1 / (z + 1) ** link / (z + 1 - w)
ones = [(1 - w, 0, 1 / w**link)]
ones += [(1, k, -1 / w ** (link - k) / sp.factorial(k)) for k in range(link)]
itself = sum(
    p * q * sp.factorial(k + m) / (x + y) ** (k + m + 1)
    for x, k, p in ones
    for y, m, q in ones
)
wanted = F_one.subs(z, c_star) - a * F_one.subs(z, 1 - w)
zeta_best = wanted / itself / sigma ** (2 * link)
""",
        "q4-change": STACKS
        + r"""

def vector(word):
    state = {"": sp.Integer(1)}
    for letter in word[::-1]:
        state = act(letter, state)
    return state


def at_root(word):
    "Transfer to the root of activity that enters along a word, without structure."
    state, found, power = vector(word), 0, 1
    while state and power < 9:
        found += state.get("", 0) / (z + 1) ** power
        state, power = act("W", state), power + 1
    return found


def change(left, right):
    loop = 1 / (1 - w / (z + 1))
    flipped = vector(right)
    pulse, held = {"": sp.Integer(1)}, 0
    for k in range(9):
        held += sum(flipped.get(x, 0) * y for x, y in pulse.items()) / (z + 1) ** (k + 1)
        pulse = act("W", pulse)
    dF = a * loop * at_root(left) * loop * held
    return a * dF.subs(z, 1 - w) - dF.subs(z, c_star)
""",
        "q5-uneven": PAIRINGS
        + r"""

def uneven(word, strengths):
    total = 0.0
    for pairs in pairings(list(range(len(word)))):
        if crosses(pairs) or any(word[i] == word[j] for i, j in pairs):
            continue
        # Places between letters that are one and the same neuron.
        name = list(range(len(word) + 1))
        for i, j in pairs:
            for one, two in ((i, j + 1), (i + 1, j)):
                old, new = name[one], name[two]
                name = [new if x == old else x for x in name]
        senders = [name[i + 1] if word[i] == "W" else name[i] for i, _ in pairs]
        powers = [senders.count(x) for x in set(senders)]
        total += np.prod([np.mean(np.array(strengths) ** (2 * p)) for p in powers])
    return total
""",
    },
    # By brute force: all terms and all pairings; the loss by residues.
    {
        "q1-hand": r"""
count = 2 if hand_word in ("WTWT", "TWTW") else 1
by_hand = w**2 * (w**2 + (count + 1) * sigma**2) + sp.Integer(count) * sigma**4
""",
        "q1-planted": PAIRINGS
        + r"""

def planted(word):
    total = sp.Integer(0)
    for structure in np.ndindex(*[2] * len(word)):
        # The pieces between the cuts, by their letters.
        pieces = "".join("|" if c else x for x, c in zip(word, structure)).split("|")
        weight = 1
        for piece in pieces:
            weight *= brackets(piece) if len(piece) % 2 == 0 else 0
        cuts = sum(structure)
        total += weight * w**cuts * sigma ** (len(word) - cuts)
    return total
""",
        "q2-resolvent": r"""
step = xi * sigma**2
resolvent = lam * (1 - sp.sqrt(1 - 4 * step / lam**2)) / (2 * step)
""",
        "q2-outlier": r"""
inverse = sp.Symbol("inverse", positive=True)
# lam = 1 / R + xi sigma^2 R at the place where R = 1 / w.
outlier = (1 / inverse + xi * sigma**2 * inverse).subs(inverse, 1 / w)
""",
        "q2-edge": r"""
w_edge = sp.Max(*[x for x in sp.solve(w**2 - sigma * w, w)])
""",
        "q2-transfer": r"""
y = 1 + z
free = (y - sp.sqrt(y**2 - 4 * xi * sigma**2)) / (2 * xi * sigma**2)
F_paired = sp.together(1 / (1 / free - w))
""",
        "q2-needed": r"""
from scipy.optimize import brentq

w_needed = brentq(lambda x: x + paired * radius**2 / x - (1 - c_goal), radius, 1)
""",
        "q3-transfer": r"""
y = z + 1
F_wide = (a * y**link + zeta * sigma**link * sigma**link) / (y**link * (y - w))
""",
        "q3-loss": r"""
# By residues: each integral is a sum over the poles of one of the responses.
y = 1 + z
F = a / (y - w) + zeta * sigma ** (2 * link) / (y**link * (y - w))
x = sp.Symbol("x")
mirror = F.subs(z, -x)
energy = sp.cancel((x + 1 - w) * F.subs(z, x) * mirror).subs(x, w - 1)
inner = sp.cancel((x + 1) ** link * F.subs(z, x) * mirror)
energy += (sp.diff(inner, x, link - 1) / sp.factorial(link - 1)).subs(x, -1)
loss_wide = energy / 2 - F.subs(z, c_star) + 1 / (4 * c_star)
""",
        "q3-best": r"""
y, x = 1 + z, sp.Symbol("x")
one, two = 1 / (y - w), 1 / (y**link * (y - w))


def against(F, G):
    "Integral of the product, by the poles of F."
    product = F.subs(z, x) * G.subs(z, -x)
    found = sp.cancel((x + 1 - w) * product).subs(x, w - 1)
    inner = sp.cancel((x + 1) ** link * product)
    return found + (sp.diff(inner, x, link - 1) / sp.factorial(link - 1)).subs(x, -1)


slope = two.subs(z, c_star) - a * against(two, one)
zeta_best = slope / (sigma ** (2 * link) * against(two, two))
""",
        "q4-change": PAIRINGS
        + r"""

def change(left, right):
    y = sp.Symbol("y")
    other = {"W": "T", "T": "W"}
    turned = "".join(other[x] for x in reversed(right))
    out, into = 0, 0
    for k in range(4):
        for sum_word, side in ((k * "W" + left, 0), (turned + k * "W", 1)):
            if len(sum_word) % 2:
                continue
            term = brackets(sum_word) * sigma ** len(sum_word) / y ** (k + 1)
            out, into = (out + term, into) if side == 0 else (out, into + term)
    dF = sp.together(a * out * into / (1 - w / y) ** 2)
    at_target, at_mode = dF.subs(y, 1 + c_star), dF.subs(y, 2 - w)
    return sp.factor(a * at_mode - at_target)
""",
        "q5-uneven": r"""
def uneven(word, strengths):
    "A tree for each class of neurons, with stacks of marks that remember a class."
    square = [x * x for x in strengths]
    share, classes = 1 / len(strengths), range(len(strengths))
    total = 0.0
    for start in classes:
        # A stack holds, from the root on, marks (letter that put it, class of where it is).
        state = {((None, start),): 1.0}
        for letter in word[::-1]:
            found = {}
            for stack, factor in state.items():
                here = stack[-1][1]
                for new in classes:
                    sender = here if letter == "W" else new
                    longer = stack + ((letter, new),)
                    weight = factor * share * square[sender]
                    found[longer] = found.get(longer, 0.0) + weight
                if stack[-1][0] not in (None, letter):
                    found[stack[:-1]] = found.get(stack[:-1], 0.0) + factor
            state = found
        total += share * state.get(((None, start),), 0.0)
    return total
""",
    },
)

WRONG = {
    # Noise and structure each by itself; the term with both is missing.
    "q1-hand": ("by_hand = w**4 + sigma**4", ["q1-hand-test"]),
    # All letters the structure or all noise: no mixed terms.
    "q1-planted": (
        r"""
def planted(word):
    if word and word.count("W") == word.count("T"):
        return (w**2 + sigma**2) ** (len(word) // 2)
    return w ** len(word)
""",
        ["q1-short-test", "q1-long-test"],
    ),
    # The other root of the quadratic equation.
    "q2-resolvent": (
        r"""
resolvent = (lam + sp.sqrt(lam**2 - 4 * xi * sigma**2)) / (2 * xi * sigma**2)
""",
        ["q2-resolvent-test"],
    ),
    # A loop with the weight of two connections, but without the correlation's sign or size.
    "q2-outlier": ("outlier = w * (1 + xi)", ["q2-outlier-test"]),
    # The end of the ellipse itself.
    "q2-edge": ("w_edge = sigma * (1 + xi)", ["q2-edge-test"]),
    # The structure counted once.
    "q2-transfer": (
        r"""
R = 2 / (z + 1 + sp.sqrt((z + 1) ** 2 - 4 * xi * sigma**2))
F_paired = R + w * R**2
""",
        ["q2-transfer-test"],
    ),
    # Without the bulk.
    "q2-needed": ("w_needed = 1 - c_goal", ["q2-needed-test"]),
    # Links of length one.
    "q3-transfer": (
        "F_wide = (a + zeta * sigma**link / (z + 1) ** link) / (z + 1 - w)",
        ["q3-transfer-test"],
    ),
    # The error without its cross term.
    "q3-loss": (
        "loss_wide = a**2 / (4 * (1 - w)) + zeta**2 * sigma**4 / 4 + 1 / (4 * c_star)",
        ["q3-loss-test"],
    ),
    "q3-best": ("zeta_best = sigma * (1 - w - c_star)", ["q3-best-test"]),
    # The second word not turned round, and no structure on the way.
    "q4-change": (
        r"""
def change(left, right):
    dF = a / (z + 1 - w) ** 2
    for word in (left, right):
        dF = dF * (sigma**2 / (z + 1)) ** len(word)
    return a * dF.subs(z, 1 - w) - dF.subs(z, c_star)
""",
        ["q4-one-test", "q4-two-test"],
    ),
    # A single radius for all.
    "q5-uneven": (
        r"""
def uneven(word, strengths):
    tree = rb.fock(4, np.sqrt(np.mean(np.square(strengths))))
    x = tree.u
    for letter in word[::-1]:
        x = (tree.W if letter == "W" else tree.W.T) @ x
    return float(tree.u @ x)
""",
        ["q5-short-test", "q5-long-test"],
    ),
}
