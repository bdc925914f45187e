"""Ward teams: who polices each ward, since when, how the public reach them, and the days they lose to other duties.

A *team* is all the dated rows of one ward that one agency keeps (`queries.Team`); a row is one `WardTeam`.
"""
