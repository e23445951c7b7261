-- Why are payments declined?
-- Window: everything the session reads.
-- Out: for each type, outcome and reason how many, on how many accounts, how many of them without an answer about the risk (degraded), and the newest of them. review waits for a person.
SELECT type, outcome, reason, COUNT(*) AS decisions, COUNT(DISTINCT account) AS accounts, COUNT(*) FILTER (WHERE degraded) AS degraded, MAX(written) AS last_at
FROM decisions
WHERE outcome <> 'answered'
GROUP BY type, outcome, reason
ORDER BY decisions DESC LIMIT 200
;
