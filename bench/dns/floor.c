/* floor PORT [PROCESSES]: what the kernel's sockets alone cost, at $ADDRESS (127.0.0.1). Receives and sends batches of 32 like a DNS server and answers every query with 63
   more bytes, looking at nothing. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>
#define BATCH 32
int main(int argc, char **argv) {
  for (int i = argc > 2 ? atoi(argv[2]) : 1; i > 1; i--) if (fork() == 0) { prctl(PR_SET_PDEATHSIG, SIGTERM); break; }
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = inet_addr(getenv("ADDRESS") ? getenv("ADDRESS") : "127.0.0.1")};
  int fd = socket(AF_INET, SOCK_DGRAM, 0), one = 1, b = 4 << 20;
  setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &b, sizeof b);
  if (bind(fd, (void *)&a, sizeof a)) { perror("bind"); return 1; }
  static uint8_t buf[BATCH][2048]; static struct mmsghdr m[BATCH]; static struct iovec v[BATCH]; static struct sockaddr_in6 p[BATCH];
  for (;;) {
    for (int i = 0; i < BATCH; i++) {
      v[i].iov_base = buf[i]; v[i].iov_len = 2048;
      m[i].msg_hdr = (struct msghdr){.msg_name = &p[i], .msg_namelen = sizeof p[i], .msg_iov = &v[i], .msg_iovlen = 1};
    }
    int n = recvmmsg(fd, m, BATCH, MSG_WAITFORONE, NULL);
    if (n <= 0) continue;
    for (int i = 0; i < n; i++) { buf[i][2] |= 0x84; v[i].iov_len = m[i].msg_len + 64; }
    sendmmsg(fd, m, n, 0);
  }
}
