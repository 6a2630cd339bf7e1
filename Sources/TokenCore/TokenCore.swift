// TokenCore: the OAuth rules, the state they are judged against, and the tables that hold it.
//
// The module is pure. It reads no clock, no entropy, no file and no socket: the time, random ids
// and digests of an operation come in as values, so the same operations give the same state on
// every machine and in every test.
//
//   Operation ── decide(operation, moment, state) ──► effects + outcome
//   effects   ── apply(effects, state)            ──► the next state
//
// `decide` holds every rule and changes nothing. `apply` holds no rule and never refuses. Only
// effects are journaled, so a later version's rules cannot change the past.
//
//   Memory/      the arena, the 64-byte token records, the index, the gates, fixed-stride tables
//   Model/       values: client application, user, grant, refresh family, code, consent, settings
//   Operations/  what can be asked (`Operation`), what comes back (`Outcome`, `Refusal`), `Effect`
//   State/       the tables together; lookups that rules read; `apply`; reclaim
//   Rules/       one file per rule or family of operations
