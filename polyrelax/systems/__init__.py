"""Rows between the values of a network, each with its reason, and the programs of them.

``places`` says where things are, ``rows`` what a row is and why it holds, ``system`` what rows
imply, ``cases`` how a claim is proved or refuted piece by piece, ``claims`` how the bounds of
a trace become rows.
"""
