extension SyntheticVocabulary {
  /// What the merges are learnt from.
  static let trainingText = """
    A balance is the oldest of the instruments that people still use every day. Two pans hang from a beam, the beam
    rests on an edge, and the edge does not care which of the two sides holds the gold and which of them holds the
    stones. Put the unknown thing on the left and known weights on the right, wait until the beam has come to rest, and
    read what you have learned: the thing is heavier, or it is lighter, or the two are the same. There is no fourth
    answer. Everything else that a balance can tell is built from these three answers, one after the other.

    There is an old question about the fewest weights with which every whole number of pounds up to forty can be
    weighed. If the weights may only go in one of the pans, then six are needed: one, two, four, eight, sixteen and
    thirty-two. If they may go in both pans, then four are enough: one, three, nine and twenty-seven. Each weight has
    three places where it can be, with the goods, against the goods, or on the table, and so four weights have three
    times three times three times three places, which is eighty-one; half of these are the other half seen in a mirror,
    and one of them is the empty balance. A merchant who knew this could carry fewer weights over the mountains than
    one who did not.

    Numbers that are written with such digits need no sign in front. Minus one, zero and one are all that there is, and
    to change a number into its negative every digit is changed into its negative. Rounding is easy as well: it is
    enough to leave out the last digits, because what is left out is always less than half of what the next digit
    counts. Machines have been built that way. Their makers said that the arithmetic was simple, the programs were
    short, and the parts were cheap, and that was true. But other machines with two digits were made in larger numbers,
    and in the end it is the number of machines that are made which decides how cheap the parts are.

    When a long sum is made of many small products, most of the work goes into the products. If one of the two factors
    can only be minus one, zero or one, there is nothing left to multiply: the other factor is subtracted, left out, or
    added. What remains is reading. The numbers have to be brought from where they are kept to where they are used, and
    the way is long and narrow. It doesn't help that the sums are quick if the numbers come slowly, so they are packed
    as tightly as they can be: five digits of this kind fit into eight bits, since three to the fifth power is 243 and
    there are 256 ways to set eight bits. That is 1.6 bits for each digit, and no packing of single digits into whole
    bits can do better than two.

    Suppose that you have a table of all the sums of four such digits with four given numbers. There are 81 of them, and
    by the mirror only 41 have to be kept. To find one, you don't add; you look. Looking is quick when the table is
    small and close at hand, and slow when it is large and far away, so the best size of a table is a question of where
    it is kept. Here, as in most questions about machines, you can't find the answer by thinking alone. You have to
    measure, and you have to measure more than once, because the same machine won't give the same time twice. Take the
    median of many runs, write down how far the others were from it, and say on which machine it was. Then somebody
    else can try it, and they'll see for themselves whether it's so.

    The weather has a part in it too. In the summer of one year, a clock in a tower by the sea was losing four seconds
    every day, and in the winter it was gaining three. The keeper wrote the numbers in a book, in two columns, with the
    heat of the day beside them. After some years he had a rule: for every degree, so many hundredths of a second. He
    made a small weight, set it on the pendulum, and moved it a little way up or down on the first day of each month.
    Nobody asked him to do it. "I've got time," he said, "and we're here to keep it." When he was old, he gave the book
    to the girl who brought the bread, and she kept on writing in it. She'd found that the rule was not quite right
    when the wind came from the north; that was the beginning of a second column, and then of a third.

    What should a model of the world be like? It should be small enough to be carried, and plain enough that a mistake
    in it can be found. It should say where it's wrong, and by how much. A map of the coast that shows every stone is of
    no use to the sailor, and a map that leaves out the rocks is worse than none. Between the two there is a map that
    someone has drawn, sailed by, and drawn again. I'm told that the best of them were never finished.

    """
}
