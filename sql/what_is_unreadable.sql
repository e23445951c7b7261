-- What cannot be read, and why?
-- Window: everything the session reads.
-- Out: for each reason and type of event how many, from how many sources, since when, until when, and the words of one of them.
SELECT reason, type, COUNT(*) AS letters, COUNT(DISTINCT source) AS sources, MIN(written) AS first_at, MAX(written) AS last_at, MAX(detail) AS example
FROM dead_letters
GROUP BY reason, type
ORDER BY letters DESC LIMIT 200
;
