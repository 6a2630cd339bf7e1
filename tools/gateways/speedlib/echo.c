// A bare echo on a Unix socket, one thread with epoll: what a hop costs when nothing is done at its
// end. usage: echo PATH
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int watch(int queue, int descriptor) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
  return epoll_ctl(queue, EPOLL_CTL_ADD, descriptor, &event);
}

static void answer(int descriptor) {
  char bytes[65536];
  ssize_t count = recv(descriptor, bytes, sizeof bytes, 0);
  if (count <= 0 || send(descriptor, bytes, (size_t)count, MSG_NOSIGNAL) != count)
    close(descriptor);
}

int main(int count, char **arguments) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (count != 2 || strlen(arguments[1]) >= sizeof address.sun_path) return 64;
  strcpy(address.sun_path, arguments[1]);
  int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  int queue = epoll_create1(0);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024) ||
      chmod(arguments[1], 0666) || watch(queue, listener)) {
    perror(arguments[1]);
    return 71;
  }
  for (;;) {
    struct epoll_event events[64];
    int ready = epoll_wait(queue, events, 64, -1);
    if (ready < 0 && errno != EINTR) return 71;
    for (int i = 0; i < ready; i++) {
      if (events[i].data.fd != listener) {
        answer(events[i].data.fd);
        continue;
      }
      int caller = accept(listener, NULL, NULL);
      if (caller >= 0 && watch(queue, caller)) close(caller);
    }
  }
}
