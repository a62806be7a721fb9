"""How a run of the index goes on where another was ended, and what becomes of what it cannot hold or replaces.

unfinished     what is not in the index yet, as whoever reads it is told
left_out       records, documents and files that cannot be had, and why
superseded     what an earlier parser said is sealed before it goes
rebuild        all of it anew, beside what is read, which it replaces when it is whole
"""
