// TokenStorage: the durable journal.
//
//   Layout/    bytes of blocks, headers and batches; pure
//   Disk/      the seam to the system: `Disk`, and `LinuxDisk` behind it
//   Writer/    `JournalWriter`: one batch at a time, on the disk before anything is acknowledged
//   Snapshot/  the whole state at a position: written, read back, named, old files retired
//   Backup/    a snapshot under a name of its own, with a manifest
//   Replacement/  a new journal in the place of a damaged one, for salvage and restore
//   Recovery/  what a directory holds (`JournalScan`), what follows from it (`RecoveryJudge`,
//              pure), and both together (`Recovery`)
//
// The formats are described for outsiders in proto-spec/journal.md and snapshot.md.
