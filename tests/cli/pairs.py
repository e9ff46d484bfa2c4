"""Tables of runs in which every two values of different factors meet at least once."""
import itertools


def covering(factors):
    """Rows, as dictionaries, that cover all pairs of values of `factors`, a dictionary of lists. Greedy: each row
    begins with a pair that is still missing and takes, factor by factor, the value that adds most."""
    names = list(factors)
    missing = {((a, x), (b, y)) for a, b in itertools.combinations(names, 2) for x in factors[a] for y in factors[b]}

    def pairs_with(row, name, value):
        return {pair for other in row if other != name
                for pair in [tuple(sorted([(other, row[other]), (name, value)], key=lambda p: names.index(p[0])))]}

    rows = []
    while missing:
        row = dict(min(missing, key=lambda pair: [names.index(n) * 100 + factors[n].index(v) for n, v in pair]))
        for name in names:
            if name not in row:
                row[name] = max(factors[name], key=lambda value: len(missing & pairs_with(row, name, value)))
        missing -= {((a, row[a]), (b, row[b])) for a, b in itertools.combinations(names, 2)}
        rows.append({name: row[name] for name in names})
    return rows
