-- What the library offers to SQL. The jar is sql/functions/target/spillway-sql.jar: put it where the client and the gateway find it.
-- What each function takes and returns: README.md.
CREATE FUNCTION shed_to_rate   AS 'io.spillway.sql.ShedToRate'    USING JAR '/opt/spillway/spillway-sql.jar';
CREATE FUNCTION token_bucket   AS 'io.spillway.sql.TokenBucket'   USING JAR '/opt/spillway/spillway-sql.jar';
CREATE FUNCTION weighted_count AS 'io.spillway.sql.WeightedCount' USING JAR '/opt/spillway/spillway-sql.jar';
CREATE FUNCTION weighted_sum   AS 'io.spillway.sql.WeightedSum'   USING JAR '/opt/spillway/spillway-sql.jar';
CREATE FUNCTION weighted_mean  AS 'io.spillway.sql.WeightedMean'  USING JAR '/opt/spillway/spillway-sql.jar';
CREATE FUNCTION corrected_window AS 'io.spillway.sql.CorrectedWindow' USING JAR '/opt/spillway/spillway-sql.jar';
CREATE FUNCTION deferred_offsets AS 'io.spillway.sql.DeferredOffsets' USING JAR '/opt/spillway/spillway-sql.jar';
