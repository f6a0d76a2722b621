/* flood PORT NAMES SECONDS RATE SOCKETS [malformed]: RATE queries a second to 127.0.0.1 for names n0..n<NAMES-1>.bench.test, whatever becomes
   of them: answers are not read. Between bursts it sleeps, so that its core is free for others. With "malformed" every second message has a
   byte or two changed at random. Prints: sent seconds. Sends only to loopback, for the time given. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#define BATCH 64
#define MAXS 64
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
static uint64_t seed = 88172645463325252ull;
static uint32_t draw(uint32_t below) { seed ^= seed << 13; seed ^= seed >> 7; seed ^= seed << 17; return (seed >> 33) % below; }
static int query(uint8_t *p, int name, int id) {
  uint8_t *start = p;
  memset(p, 0, 12); p[0] = id >> 8; p[1] = id; p[5] = 1; p[11] = 1; p += 12;
  char l[16]; int n = sprintf(l, "n%d", name);
  *p++ = n; memcpy(p, l, n); p += n;
  memcpy(p, "\5bench\4test\0\0\1\0\1", 16); p += 16;
  memcpy(p, "\0\0\x29\x04\xd0\0\0\0\0\0\0", 11);
  return (int)(p + 11 - start);
}
int main(int argc, char **argv) {
  if (argc < 6) return 2;
  int names = atoi(argv[2]), socks = atoi(argv[5]), malformed = argc > 6;
  double secs = atof(argv[3]), rate = atof(argv[4]);
  if (socks > MAXS) socks = MAXS;
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd[MAXS];
  for (int s = 0; s < socks; s++) {
    fd[s] = socket(AF_INET, SOCK_DGRAM, 0);
    int b = 1; setsockopt(fd[s], SOL_SOCKET, SO_RCVBUF, &b, sizeof b);
    if (connect(fd[s], (void *)&a, sizeof a)) { perror("connect"); return 1; }
  }
  static uint8_t buf[BATCH][128]; struct mmsghdr m[BATCH]; struct iovec v[BATCH];
  long sent = 0; int next = 0, turn = 0; double start = now(), end = start + secs, t;
  while ((t = now()) < end) {
    long due = (long)((t - start) * rate) - sent;
    if (due <= 0) { struct timespec nap = {0, 200000}; nanosleep(&nap, NULL); continue; }
    int k = due > BATCH ? BATCH : (int)due;
    memset(m, 0, sizeof m);
    for (int i = 0; i < k; i++) {
      int length = query(buf[i], next++ % names, next);
      if (malformed && (i & 1)) {
        for (int c = 1 + draw(3); c > 0; c--) buf[i][draw(length)] = (uint8_t)draw(256);
        if (draw(8) == 0) length = draw(length + 1);
      }
      v[i].iov_base = buf[i]; v[i].iov_len = length; m[i].msg_hdr.msg_iov = &v[i]; m[i].msg_hdr.msg_iovlen = 1;
    }
    int r = sendmmsg(fd[turn++ % socks], m, k, 0);
    sent += r > 0 ? r : 1;
  }
  printf("%ld %.3f\n", sent, now() - start);
  return 0;
}
