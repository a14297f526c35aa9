/* lwIP without an operating system: raw TCP over Ethernet, IPv4 with a fixed address. */
#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_SOCKET 0
#define LWIP_NETCONN 0
#define LWIP_IPV4 1
#define LWIP_IPV6 0
#define LWIP_UDP 0
#define LWIP_TCP 1
#define LWIP_DHCP 0
#define LWIP_ARP 1
#define LWIP_STATS 0
#define MEM_ALIGNMENT 4
#define MEM_SIZE 6000
#define MEMP_NUM_TCP_PCB 2
#define PBUF_POOL_SIZE 6
#define TCP_MSS 536
#define TCP_WND (4 * TCP_MSS)
#define TCP_SND_BUF (4 * TCP_MSS)
#define MEMP_NUM_TCP_SEG 16
