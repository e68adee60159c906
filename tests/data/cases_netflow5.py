# SPDX-License-Identifier: Apache-2.0
"""NetFlow v5. A header is 24 bytes, a record 48."""
from wire import EXPORTED, v5_header, v5_record

S = 1_000_000_000
MS = 1_000_000

# What v5_record() says when it is not told otherwise.
RECORD = dict(ver=5, domain=0, src='10.1.0.1', dst='10.2.0.2', sport=1234, dport=80, proto=6,
              bytes=1000, packets=10, in_if=1, out_if=2, src_as=64500, dst_as=64501, src_mask=24,
              dst_mask=16, nexthop='10.0.0.9', tcp_flags=0x1b, etype=0x0800,
              t_start_ns=(EXPORTED - 10) * S, t_end_ns=(EXPORTED - 1) * S, rate_source=0)


def plain(case):
    """Two records, with the fraction of a second, the engine and the largest numbers."""
    case.send(v5_header(2, 4294967290, nanoseconds=250 * MS, engine=0x0102)
              + v5_record()
              + v5_record(src='255.255.255.254', next_hop='0.0.0.0', in_if=65535, out_if=65535,
                          packets=4294967295, octets=4294967295, sport=65535, dport=65535,
                          flags=255, proto=255, tos=255, src_as=65535, dst_as=65535,
                          masks=(32, 32)))
    times = dict(t_start_ns=(EXPORTED - 10) * S + 250 * MS, t_end_ns=(EXPORTED - 1) * S + 250 * MS)
    case.flow(**RECORD | times | dict(domain=0x0102, seq=4294967290))
    case.flow(**RECORD | times | dict(
        domain=0x0102, seq=4294967290, src='255.255.255.254', nexthop='', in_if=65535,
        out_if=65535, packets=4294967295, bytes=4294967295, sport=65535, dport=65535,
        tcp_flags=255, proto=255, tos=255, src_as=65535, dst_as=65535, src_mask=32, dst_mask=32))
    case.counts(Datagrams=1, BytesReceived=120, BytesHeaders=24, BytesDecoded=96, RecordsDecoded=2,
                DatagramsMalformed=0, SequenceMissing=0)


def sampling(case):
    """The two bits above the interval are the mode, and an interval of 0 is none."""
    for i, (word, rate) in enumerate(((0x4064, 100), (0x8001, 1), (0x0000, 0), (0x3fff, 16383),
                                      (0xffff, 16383), (0x4000, 0))):
        case.send(v5_header(1, i, sampling=word) + v5_record())
        rated = dict(sampling=rate, rate_source='header') if rate else {}
        case.flow(**RECORD | rated | dict(seq=i))
    case.counts(Datagrams=6, BytesHeaders=6 * 24, BytesDecoded=6 * 48, SequenceMissing=0)


def counts(case):
    """The count in the header is larger or smaller than the room, by whole and broken records."""
    case.send(v5_header(3, 0) + v5_record() + v5_record(sport=2))           # one too many
    case.flow(**RECORD | dict(seq=0))
    case.flow(**RECORD | dict(seq=0, sport=2))
    case.send(v5_header(1, 3) + v5_record() + v5_record(sport=3))           # one too few
    case.flow(**RECORD | dict(seq=3))
    case.send(v5_header(0, 4))                                              # none
    case.send(v5_header(65535, 4) + v5_record()[:47])                       # not even one
    case.send(v5_header(1, 65539) + v5_record() + bytes(3 * 48))            # zeros behind
    case.flow(**RECORD | dict(seq=65539))
    case.counts(Datagrams=5, BytesReceived=24 + 96 + 24 + 96 + 24 + 24 + 47 + 24 + 48 + 144,
                BytesHeaders=5 * 24, BytesDecoded=4 * 48, BytesBadLength=48, BytesTruncated=47,
                BytesPadding=144, RecordsDecoded=4, DatagramsMalformed=3, SequenceMissing=0)


def cut(case):
    """A header cut off names no exporter; other versions are counted on the address."""
    case.send(v5_header(1, 0)[:23])
    case.send(b'\0\7' + v5_header(1, 0)[2:] + v5_record())
    case.send(b'\5')
    case.send(b'')
    case.counts(Datagrams=4, BytesReceived=23 + 72 + 1, BytesHeaders=0, BytesTruncated=24,
                BytesUnknownVersion=72, RecordsDecoded=0)


def wrap(case):
    """The uptime wraps after 49.7 days, and a flow may end after its export."""
    case.send(v5_header(2, 0, uptime=1000)
              + v5_record(first=4294967295 - 8999, last=999)        # 10 s and 1 ms before
              + v5_record(first=1000, last=1500))                   # at it, and 500 ms after
    case.flow(**RECORD | dict(seq=0, t_start_ns=(EXPORTED - 10) * S,
                              t_end_ns=EXPORTED * S - 1 * MS))
    case.flow(**RECORD | dict(seq=0, t_start_ns=EXPORTED * S, t_end_ns=EXPORTED * S + 500 * MS))
    case.counts(Datagrams=1, BytesDecoded=96)


def icmp(case):
    """Type and code of ICMP are in the destination port, of other protocols they are not."""
    case.send(v5_header(3, 0)
              + v5_record(proto=1, sport=0, dport=8 * 256 + 3)
              + v5_record(proto=1, sport=0, dport=11 * 256)
              + v5_record(proto=17, sport=0, dport=8 * 256 + 3))
    case.flow(**RECORD | dict(seq=0, proto=1, sport=0, dport=2051, icmp_type=8, icmp_code=3))
    case.flow(**RECORD | dict(seq=0, proto=1, sport=0, dport=2816, icmp_type=11, icmp_code=0))
    case.flow(**RECORD | dict(seq=0, proto=17, sport=0, dport=2051))
    case.counts(Datagrams=1, BytesDecoded=144)


def sequence(case):
    """The sequence counts flows: a datagram twice, a gap of two, one of them arriving late."""
    for number in (100, 101, 101, 104, 102, 105):
        case.send(v5_header(1, number) + v5_record())
        case.flow(**RECORD | dict(seq=number))
    case.counts(Datagrams=6, SequenceMissing=2, SequenceLate=1, SequenceResets=0)


def restart(case):
    """A sequence that goes back a long way is a restart, not a loss."""
    for number in (500000, 500001, 0, 1, 4):
        case.send(v5_header(1, number) + v5_record())
        case.flow(**RECORD | dict(seq=number))
    case.counts(Datagrams=5, SequenceMissing=2, SequenceLate=0, SequenceResets=1)


CASES = [plain, sampling, counts, cut, wrap, icmp, sequence, restart]
