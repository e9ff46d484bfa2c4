// Nothing of its own: the library of this file holds the headers that the tests share, precompiled.
