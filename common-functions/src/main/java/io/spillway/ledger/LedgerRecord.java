package io.spillway.ledger;

/** What one record of the ledger's topic says; see {@link LedgerJson} for its form. */
public sealed interface LedgerRecord permits LedgerEntry, Settlement, Claim {}
