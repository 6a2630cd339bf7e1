#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif

// --- epoll, eventfd, signals ---------------------------------------------------------------------

const uint32_t clinux_event_read = EPOLLIN, clinux_event_write = EPOLLOUT,
               clinux_event_error = EPOLLERR, clinux_event_hangup = EPOLLHUP,
               clinux_event_read_hangup = EPOLLRDHUP, clinux_event_edge = EPOLLET,
               clinux_event_exclusive = EPOLLEXCLUSIVE;

int clinux_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static int control(int epoll, int operation, int fd, uint32_t events, uint64_t user_data) {
  struct epoll_event event = {.events = events, .data.u64 = user_data};
  return epoll_ctl(epoll, operation, fd, &event);
}

int clinux_epoll_add(int epoll, int fd, uint32_t events, uint64_t user_data) {
  return control(epoll, EPOLL_CTL_ADD, fd, events, user_data);
}

int clinux_epoll_modify(int epoll, int fd, uint32_t events, uint64_t user_data) {
  return control(epoll, EPOLL_CTL_MOD, fd, events, user_data);
}

int clinux_epoll_remove(int epoll, int fd) { return control(epoll, EPOLL_CTL_DEL, fd, 0, 0); }

int clinux_epoll_wait(int epoll, struct clinux_event *out, int max, int timeout_ms) {
  struct epoll_event ready[clinux_epoll_batch];
  int count = epoll_wait(epoll, ready, max < clinux_epoll_batch ? max : clinux_epoll_batch,
                         timeout_ms);
  for (int i = 0; i < count; i++) {
    out[i].user_data = ready[i].data.u64;
    out[i].events = ready[i].events;
  }
  return count;
}

int clinux_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int clinux_signalfd(const int *signals, int count) {
  sigset_t set;
  sigemptyset(&set);
  for (int i = 0; i < count; i++)
    if (sigaddset(&set, signals[i]) != 0) return -1;
  int failure = pthread_sigmask(SIG_BLOCK, &set, NULL);
  if (failure != 0) {
    errno = failure;
    return -1;
  }
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int clinux_signalfd_next(int fd) {
  struct signalfd_siginfo info;
  ssize_t count = read(fd, &info, sizeof info);
  if (count == (ssize_t)sizeof info) return (int)info.ssi_signo;
  if (count >= 0) errno = EIO;
  return -1;
}

void clinux_ignore_sigpipe(void) { signal(SIGPIPE, SIG_IGN); }

// --- Unix sockets --------------------------------------------------------------------------------

int clinux_unix_socket(int nonblocking) {
  return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0), 0);
}

int clinux_unix_pair(int out[2]) {
  return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, out);
}

static int address(const char *path, struct sockaddr_un *out) {
  size_t length = strlen(path);
  if (length == 0 || length >= sizeof out->sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memset(out, 0, sizeof *out);
  out->sun_family = AF_UNIX;
  memcpy(out->sun_path, path, length);
  return 0;
}

int clinux_unix_bind(int fd, const char *path) {
  struct sockaddr_un name;
  if (address(path, &name) != 0) return -1;
  return bind(fd, (struct sockaddr *)&name, sizeof name);
}

int clinux_unix_connect(int fd, const char *path) {
  struct sockaddr_un name;
  if (address(path, &name) != 0) return -1;
  return connect(fd, (struct sockaddr *)&name, sizeof name);
}

int clinux_accept(int fd) { return accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }

int clinux_set_send_timeout(int fd, int milliseconds) {
  struct timeval limit = {.tv_sec = milliseconds / 1000,
                          .tv_usec = (milliseconds % 1000) * 1000};
  return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

int clinux_set_send_buffer(int fd, int bytes) {
  return setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
}

int clinux_set_receive_buffer(int fd, int bytes) {
  return setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

int clinux_shutdown_writes(int fd) { return shutdown(fd, SHUT_WR); }

ptrdiff_t clinux_send(int fd, const void *bytes, size_t count) {
  return send(fd, bytes, count, MSG_NOSIGNAL);
}

ptrdiff_t clinux_send2(int fd, const void *a, size_t a_count, const void *b, size_t b_count) {
  struct iovec parts[2] = {{.iov_base = (void *)a, .iov_len = a_count},
                           {.iov_base = (void *)b, .iov_len = b_count}};
  struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
  return sendmsg(fd, &message, MSG_NOSIGNAL);
}

int clinux_peer_of(int fd, struct clinux_peer *out) {
  struct ucred peer;
  socklen_t length = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return -1;
  out->pid = peer.pid;
  out->uid = peer.uid;
  out->gid = peer.gid;
  return 0;
}

int clinux_peer_groups(int fd, uint32_t *out, int max, int *needed) {
  socklen_t length = (socklen_t)max * sizeof(gid_t);
  int result = getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, out, &length);
  *needed = (int)(length / sizeof(gid_t));
  return result == 0 ? *needed : -1;
}

// --- files ---------------------------------------------------------------------------------------

int clinux_open_path_directory(const char *path) {
  return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

int clinux_rename_noreplace(int from_dir, const char *from, int to_dir, const char *to) {
  return renameat2(from_dir, from, to_dir, to, RENAME_NOREPLACE);
}

int clinux_allocate(int fd, int64_t offset, int64_t length) {
  return fallocate(fd, 0, offset, length);
}

int clinux_release(int fd, int64_t offset, int64_t length) {
  return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length);
}

int clinux_chmod_at(int dir, const char *name, uint32_t mode) {
  return fchmodat(dir, name, mode, AT_SYMLINK_NOFOLLOW);
}

// --- threads -------------------------------------------------------------------------------------

int clinux_thread_name(const char *name) { return pthread_setname_np(pthread_self(), name); }

int clinux_step_back(int niceness) {
  // On Linux a thread has a niceness of its own.
  id_t thread = (id_t)syscall(SYS_gettid);
  errno = 0;
  int now = getpriority(PRIO_PROCESS, thread);
  if (now == -1 && errno != 0) return -1;
  return setpriority(PRIO_PROCESS, thread, now + niceness);
}

int clinux_cpu_count(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return -1;
  return CPU_COUNT(&set);
}

int clinux_pin_thread(int thread, int processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (processor < 0 || processor >= CPU_SETSIZE) {
    errno = EINVAL;
    return -1;
  }
  CPU_SET(processor, &set);
  return sched_setaffinity(thread, sizeof set, &set);
}

int clinux_perf_tracepoint(uint64_t event, int thread) {
  struct perf_event_attr attributes = {
      .type = PERF_TYPE_TRACEPOINT, .size = sizeof attributes, .config = event, .disabled = 1};
  return (int)syscall(SYS_perf_event_open, &attributes, thread, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

int clinux_perf_start(int counter) {
  if (ioctl(counter, PERF_EVENT_IOC_RESET, 0) != 0) return -1;
  return ioctl(counter, PERF_EVENT_IOC_ENABLE, 0);
}

int clinux_perf_stop(int counter, uint64_t *count) {
  if (ioctl(counter, PERF_EVENT_IOC_DISABLE, 0) != 0) return -1;
  return read(counter, count, sizeof *count) == sizeof *count ? 0 : -1;
}

// --- memory, process -----------------------------------------------------------------------------

void *clinux_map(size_t bytes) {
  void *base = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return base == MAP_FAILED ? NULL : base;
}

int clinux_advise_huge(void *base, size_t bytes) { return madvise(base, bytes, MADV_HUGEPAGE); }

int clinux_advise_no_dump(void *base, size_t bytes) {
  return madvise(base, bytes, MADV_DONTDUMP);
}

void clinux_wipe(void *base, size_t bytes) { explicit_bzero(base, bytes); }

int clinux_disable_dumps(void) {
  struct rlimit none = {0, 0};
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return -1;
  return setrlimit(RLIMIT_CORE, &none);
}

int clinux_is_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }

int clinux_terminal_columns(int fd) {
  struct winsize size;
  if (ioctl(fd, TIOCGWINSZ, &size) != 0) return -1;
  return size.ws_col;
}

const char *clinux_errno_text(int code) { return strerrordesc_np(code); }

const char *clinux_errno_name(int code) { return strerrorname_np(code); }

int64_t clinux_raise_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return -1;
  return limit.rlim_cur > INT64_MAX ? INT64_MAX : (int64_t)limit.rlim_cur;
}
