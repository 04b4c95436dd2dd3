# Sets of places: improved, lucky, and the best parent taken away.
# earns: all
def accept(parents, children, temperature, draws):
    places = range(len(parents))
    runs = {place for place in places if children[place] < math.inf}
    improved = {place for place in runs if children[place] <= parents[place]}
    lucky = set()
    if temperature:
        for place in runs - improved:
            if draws[place] < math.exp(math.log(parents[place] / children[place]) / temperature):
                lucky.add(place)
    lucky.discard(int(np.argmin(parents)))
    return [place in improved | lucky for place in places]
