// TokenStorage: the durable journal.
//
//   Layout/    bytes of blocks, headers and batches; pure
//   Disk/      the seam to the system: `Disk`, and `LinuxDisk` behind it
//   Writer/    `JournalWriter`: one batch at a time, on the disk before anything is acknowledged
//   Recovery/  what a directory holds (`JournalScan`), what follows from it (`RecoveryJudge`,
//              pure), and both together (`Recovery`)
//
// The format is described for outsiders in proto-spec/journal.md.
