"""Orders, powers, actions, days of action, plans and meetings. Empty until those are built."""
