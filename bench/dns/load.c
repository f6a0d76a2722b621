/* load PORT NAMES SECONDS WINDOW SOCKETS TYPE [edns|cookie] [RATE]: DNS queries to $ADDRESS (127.0.0.1), names n0..n<NAMES-1>.bench.test, as many
   as the window lets, or RATE a second.
   Prints: answered seconds p50us p99us rcodes-not-0 . Sends only to the address, for the time given. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#define BATCH 32
#define MAXS 16
static uint8_t tmpl[65536][96];
static int tlen[65536];
static struct timespec sentAt[65536];
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
static uint32_t hist[1000001];
int main(int argc, char **argv) {
  int port = atoi(argv[1]), names = atoi(argv[2]), window = atoi(argv[4]), socks = atoi(argv[5]);
  double secs = atof(argv[3]);
  int type = atoi(argv[6]);
  double rate = argc > 8 ? atof(argv[8]) : 0; long sent = 0; int turn = 0;
  int edns = argc > 7, cookie = argc > 7 && !strcmp(argv[7], "cookie");
  for (int i = 0; i < names; i++) {
    uint8_t *p = tmpl[i];
    memset(p, 0, 12); p[2] = 0; p[5] = 1; p[11] = edns ? 1 : 0; p += 12;
    char l[16]; int n = sprintf(l, "n%d", i);
    *p++ = n; memcpy(p, l, n); p += n;
    memcpy(p, "\5bench\4test", 12); p += 12;
    *p++ = type >> 8; *p++ = type; *p++ = 0; *p++ = 1;
    if (edns) { memcpy(p, "\0\0\x29\x04\xd0\0\0\0\0\0\0", 11); p[10] = cookie ? 12 : 0; p += 11;
      if (cookie) { memcpy(p, "\0\x0a\0\x08\1\2\3\4\5\6\7\x08", 12); p += 12; } }
    tlen[i] = p - tmpl[i];
  }
  int fd[MAXS]; struct pollfd pf[MAXS]; int out[MAXS] = {0}; uint16_t id[MAXS] = {0};
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = inet_addr(getenv("ADDRESS") ? getenv("ADDRESS") : "127.0.0.1")};
  for (int s = 0; s < socks; s++) {
    fd[s] = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    int b = 4 << 20; setsockopt(fd[s], SOL_SOCKET, SO_RCVBUF, &b, sizeof b);
    if (connect(fd[s], (void *)&a, sizeof a)) { perror("connect"); return 1; }
    pf[s].fd = fd[s]; pf[s].events = POLLIN;
  }
  static uint8_t buf[BATCH][1500], snd[BATCH][96];
  struct mmsghdr m[BATCH]; struct iovec v[BATCH];
  long answered = 0, bad = 0, lost = 0; int next = 0; double start = now(), end = start + secs, lastProgress = start;
  int per = window / socks;
  while (now() < end) {
    turn++;
    for (int each = 0; each < socks; each++) {
      int s = (turn + each) % socks;
      int k = per - out[s]; if (k > BATCH) k = BATCH;
      if (rate > 0) { long due = (long)((now() - start) * rate) - sent; if (due < k) k = (int)due; }
      if (k > 0) {
        memset(m, 0, sizeof m);
        for (int i = 0; i < k; i++) {
          int n = next++ % names;
          memcpy(snd[i], tmpl[n], tlen[n]);
          uint16_t d = (uint16_t)((s << 12) | (id[s]++ & 0xfff));
          snd[i][0] = d >> 8; snd[i][1] = d;
          clock_gettime(CLOCK_MONOTONIC, &sentAt[d]);
          v[i].iov_base = snd[i]; v[i].iov_len = tlen[n]; m[i].msg_hdr.msg_iov = &v[i]; m[i].msg_hdr.msg_iovlen = 1;
        }
        int r = sendmmsg(fd[s], m, k, 0); if (r > 0) { out[s] += r; sent += r; }
      }
    }
    if (poll(pf, socks, rate > 0 ? 0 : 20) <= 0) { if (now() - lastProgress > 0.2) { for (int s = 0; s < socks; s++) { lost += out[s]; out[s] = 0; } lastProgress = now(); } continue; }
    for (int s = 0; s < socks; s++) if (pf[s].revents & POLLIN) {
      memset(m, 0, sizeof m);
      for (int i = 0; i < BATCH; i++) { v[i].iov_base = buf[i]; v[i].iov_len = 1500; m[i].msg_hdr.msg_iov = &v[i]; m[i].msg_hdr.msg_iovlen = 1; }
      int r = recvmmsg(fd[s], m, BATCH, MSG_DONTWAIT, NULL);
      struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t);
      for (int i = 0; i < r; i++) {
        uint16_t d = buf[i][0] << 8 | buf[i][1];
        long us = (t.tv_sec - sentAt[d].tv_sec) * 1000000 + (t.tv_nsec - sentAt[d].tv_nsec) / 1000;
        hist[us < 0 ? 0 : us > 1000000 ? 1000000 : us]++;
        if (buf[i][3] & 15) bad++;
      }
      if (r > 0) { answered += r; out[s] -= r; if (out[s] < 0) out[s] = 0; lastProgress = now(); }
    }
  }
  long c = 0; int p50 = 0, p99 = 0;
  for (int i = 0; i <= 1000000; i++) { c += hist[i]; if (!p50 && c * 2 >= answered) p50 = i; if (!p99 && c * 100 >= answered * 99) { p99 = i; break; } }
  printf("%ld %.3f %d %d %ld %ld\n", answered, now() - start, p50, p99, bad, lost);
  return 0;
}
