-- Do the balances add up?
-- Window: accounts with a decision in what the session reads; their states from as far back as the topic goes: it is compacted.
-- Out: for each currency how many accounts, the sum of their balances by the read model and by the last decisions, and how many accounts differ: 0, because both are written in one transaction.
ALTER TABLE accounts SET ('scan.startup.mode' = 'earliest-offset');
SELECT
  d.accountCurrency AS currency, COUNT(*) AS accounts, SUM(a.balanceMinor) AS balance_minor, SUM(d.balanceMinor) AS decided_minor,
  SUM(CASE WHEN a.version = d.version AND a.balanceMinor = d.balanceMinor THEN 0 ELSE 1 END) AS wrong
FROM decided_balances AS d LEFT JOIN account_balances AS a ON a.account = d.account
WHERE d.version > 0
GROUP BY d.accountCurrency
ORDER BY accounts DESC LIMIT 200
;
