"""The database itself keeps the audit trail: events are added at its end, and never changed or removed.

Triggers hold for every role. The rights are taken from the role that migrates, and so from the application where both
are one; `config.database_roles` gives the application's own role no more than reading and adding.
"""

from django.db import migrations

# The number of the lock is 0x6175646974, as in partners.audit.
FORWARDS = """
CREATE FUNCTION partners_auditevent_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail cannot be changed: % on partners_auditevent refused.', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION partners_auditevent_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_number bigint;
    last_hash text;
BEGIN
    PERFORM pg_advisory_xact_lock(418581342580);
    SELECT number, hash INTO last_number, last_hash FROM partners_auditevent ORDER BY number DESC LIMIT 1;
    IF NEW.number <> coalesce(last_number, 0) + 1 OR NEW.previous_hash <> coalesce(last_hash, repeat('0', 64)) THEN
        RAISE EXCEPTION 'Audit event % does not follow the last one, %.', NEW.number, coalesce(last_number, 0)
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON partners_auditevent
    FOR EACH ROW EXECUTE FUNCTION partners_auditevent_refuse();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON partners_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION partners_auditevent_refuse();
CREATE TRIGGER follows BEFORE INSERT ON partners_auditevent
    FOR EACH ROW EXECUTE FUNCTION partners_auditevent_follows();

REVOKE UPDATE, DELETE, TRUNCATE ON partners_auditevent FROM PUBLIC, CURRENT_USER;
"""

BACKWARDS = """
DROP TRIGGER no_change ON partners_auditevent;
DROP TRIGGER no_truncate ON partners_auditevent;
DROP TRIGGER follows ON partners_auditevent;
DROP FUNCTION partners_auditevent_refuse();
DROP FUNCTION partners_auditevent_follows();
GRANT UPDATE, DELETE, TRUNCATE ON partners_auditevent TO CURRENT_USER;
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0002_people_sharing_keys_audit")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
