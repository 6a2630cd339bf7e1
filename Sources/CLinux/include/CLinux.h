// What glibc's Swift overlay lacks, as plain functions over plain types. `_GNU_SOURCE` is defined
// in CLinux.c alone: defined here it would change glibc's types between two C modules. For the same
// reason nothing but <stdint.h> and <stddef.h> is included. Unless a comment says otherwise a
// function returns -1 and sets errno as the call it wraps does.
#pragma once
#include <stddef.h>
#include <stdint.h>

// One ready event. Own layout: the kernel's is packed on x86-64 only.
struct clinux_event {
  uint64_t user_data;
  uint32_t events;
};

// Bits of `clinux_event.events` and of an interest.
extern const uint32_t clinux_event_read, clinux_event_write, clinux_event_error,
    clinux_event_hangup, clinux_event_read_hangup, clinux_event_edge, clinux_event_exclusive;

// The most events that one clinux_epoll_wait hands back.
enum { clinux_epoll_batch = 256 };

int clinux_epoll_create(void);
int clinux_epoll_add(int epoll, int fd, uint32_t events, uint64_t user_data);
int clinux_epoll_modify(int epoll, int fd, uint32_t events, uint64_t user_data);
int clinux_epoll_remove(int epoll, int fd);
int clinux_epoll_wait(int epoll, struct clinux_event *out, int max, int timeout_ms);

int clinux_eventfd(void);

// Blocks the signals in the calling thread; returns a signalfd for them.
int clinux_signalfd(const int *signals, int count);
// The next signal's number, or -1.
int clinux_signalfd_next(int fd);
void clinux_ignore_sigpipe(void);

int clinux_unix_socket(int nonblocking);
int clinux_unix_pair(int out[2]);
// ENAMETOOLONG when the path does not fit sun_path with its NUL.
int clinux_unix_bind(int fd, const char *path);
int clinux_unix_connect(int fd, const char *path);
int clinux_accept(int fd);
int clinux_set_send_timeout(int fd, int milliseconds);
int clinux_set_send_buffer(int fd, int bytes);
int clinux_set_receive_buffer(int fd, int bytes);
int clinux_shutdown_writes(int fd);
// Both never raise SIGPIPE.
ptrdiff_t clinux_send(int fd, const void *bytes, size_t count);
ptrdiff_t clinux_send2(int fd, const void *a, size_t a_count, const void *b, size_t b_count);

struct clinux_peer {
  int32_t pid;
  uint32_t uid;
  uint32_t gid;
};
int clinux_peer_of(int fd, struct clinux_peer *out);
// The number of groups written; -1 with ERANGE when `max` is too small (*needed says what is).
int clinux_peer_groups(int fd, uint32_t *out, int max, int *needed);

int clinux_open_path_directory(const char *path);
int clinux_rename_noreplace(int from_dir, const char *from, int to_dir, const char *to);
int clinux_allocate(int fd, int64_t offset, int64_t length);
// The range becomes zeros that take no blocks; the file keeps its size.
int clinux_release(int fd, int64_t offset, int64_t length);
// Mode of the name itself; a symbolic link is not followed.
int clinux_chmod_at(int dir, const char *name, uint32_t mode);

// Returns an errno, 0 for success.
int clinux_thread_name(const char *name);
// Gives the calling thread a smaller share of a busy processor; 0, or -1 with errno.
int clinux_step_back(int niceness);
int clinux_cpu_count(void);
// Thread 0 is the calling one.
int clinux_pin_thread(int thread, int processor);

// A stopped counter of a tracepoint's events in one thread; a descriptor.
int clinux_perf_tracepoint(uint64_t event, int thread);
int clinux_perf_start(int counter);
int clinux_perf_stop(int counter, uint64_t *count);

// NULL on failure.
void *clinux_map(size_t bytes);
int clinux_advise_huge(void *base, size_t bytes);
int clinux_advise_no_dump(void *base, size_t bytes);
void clinux_wipe(void *base, size_t bytes);

int clinux_disable_dumps(void);
int clinux_is_dumpable(void);
// Sets the soft limit of descriptors to the hard one and returns it.
int64_t clinux_raise_descriptor_limit(void);
int clinux_terminal_columns(int fd);

// glibc's text and name of an errno, both constant; NULL for an unknown one.
const char *clinux_errno_text(int code);
const char *clinux_errno_name(int code);
