"""Theorems of Coq from certificates: ``python -m translator TARGET FILE...``.

Each file becomes ``TARGET/NAME.v``, which states what the certificate claims about its network
and proves it by running a checker that is proved correct.  Nothing here is trusted: Coq reads
the statements, and accepts a proof or does not.  The standard library is all that is needed.

``generate`` translates the format ``polyrelax-certificate/1``, for `Document.v`, and
``cases`` with what it needs ``polyrelax-certificate/2``, for `Cases.v`.  Certificates are taken
for such as `check.py` accepts.
"""
