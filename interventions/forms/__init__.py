"""The form on which a record of any register is added and changed."""
