# SPDX-License-Identifier: Apache-2.0
"""Names that options tell: of interfaces, VRFs, applications and samplers. They are records of a
stream of their own; where two decoders might differ, the words beside the bytes say what counts."""
from wire import VARIABLE, a_set, ip, ipfix, ipfix_options, sized, template, u8, u16, u32, u64, v9, \
    v9_options


def fixed(size, text):
    """A text in a field of a fixed length: zeros behind it."""
    return text.encode().ljust(size, b'\0')


def nf9_names(case):
    """The option tables of routers: interfaces, VRFs, samplers and applications, padded by zeros."""
    system = ((1, 4),)
    case.send(v9(9, 1, 7,
        a_set(1, v9_options(257, system, ((10, 4), (82, 32), (83, 64)))),
        a_set(1, v9_options(258, system, ((234, 4), (236, 32)))),
        a_set(1, v9_options(259, system, ((48, 2), (84, 24), (49, 1), (50, 4)))),
        a_set(1, v9_options(260, system, ((95, 4), (96, 24), (94, 55)))),
        a_set(257, u32(1), u32(3), fixed(32, 'Gi0/0/3'), fixed(64, 'to the exchange'),
              u32(1), u32(4), fixed(32, 'Gi0/0/4'), fixed(64, ''),
              u32(1), u32(0), fixed(32, 'nobody'), fixed(64, 'has no number'),
              u32(1), u32(5), bytes(32 + 64)),
        a_set(258, u32(1), u32(0x60000001), fixed(32, 'customer-a')),
        a_set(259, u32(1), u16(7), fixed(24, 'one-in-1000'), u8(2), u32(1000)),
        a_set(260, u32(1), u32(0x0d00051e), fixed(24, 'skype'), fixed(55, 'Calls'))))
    case.name_told('interface', 3, 'Gi0/0/3', 'to the exchange')
    case.name_told('interface', 4, 'Gi0/0/4')
    case.name_told('vrf', 0x60000001, 'customer-a')
    case.name_told('sampler', 7, 'one-in-1000')
    case.name_told('application', 0x0d00051e, 'skype', 'Calls')
    case.send(v9(2, 2, 7, a_set(0, template(270, (8, 4), (48, 2), (82, 8))),
                 a_set(270, ip('10.1.0.1'), u16(7), fixed(8, 'Gi9'))))     # no options: no name
    case.flow(ver=9, domain=7, seq=2, src='10.1.0.1', sampler_id=7, sampling=1000,
              rate_source='options by id', etype=0x0800)
    case.counts(RecordsDecoded=5 + 1, BytesOptions=4 * 104 + 40 + 35 + 87, DatagramsMalformed=0)


def nf9_names_of_scopes(case):
    """The scope says which interface; of variable length too, and of a whole v9 system nothing."""
    case.send(v9(5, 1, 7,
        a_set(1, v9_options(257, ((2, 4),), ((82, VARIABLE), (83, VARIABLE)))),
        a_set(1, v9_options(258, ((2, 2),), ((82, 8),))),
        a_set(1, v9_options(259, ((1, 4),), ((82, 8),))),
        a_set(257, u32(3), sized(b'eth3'), sized(b'uplink'), u32(4), sized(b''), sized(b'only words'),
              u32(5), sized(b''), sized(b'')),
        a_set(258, u16(9), fixed(8, 'longname')),
        a_set(259, u32(3), fixed(8, 'chassis'))))
    case.name_told('interface', 3, 'eth3', 'uplink')
    case.name_told('interface', 4, '', 'only words')
    case.name_told('interface', 9, 'longname')
    case.counts(RecordsDecoded=3, BytesOptions=16 + 16 + 6 + 10 + 12)


def ipfix_names(case):
    """Names of all kinds by their scopes, several in one record, and in another domain."""
    case.send(ipfix(0, 7,
        a_set(3, ipfix_options(300, ((10, 4),), ((82, VARIABLE), (83, VARIABLE)))),
        a_set(3, ipfix_options(301, ((14, 4),), ((82, VARIABLE),))),
        a_set(3, ipfix_options(302, ((234, 4),), ((236, VARIABLE),)),
              ipfix_options(303, ((235, 4),), ((236, VARIABLE),)),
              ipfix_options(304, ((95, 4),), ((96, VARIABLE), (94, VARIABLE))),
              ipfix_options(305, ((302, 8),), ((335, VARIABLE), (305, 4), (306, 4))),
              ipfix_options(306, ((149, 4),), ((10, 4), (82, 8), (234, 4), (236, 8)))),
        a_set(300, u32(3), sized('größe'.encode()), sized(b'ein \xfc'), u32(1 << 31),
              u8(255) + u16(300) + b'n' * 300, sized(b'')),
        a_set(301, u32(8), sized(b'out8')),
        a_set(302, u32(1), sized(b'red')), a_set(303, u32(2), sized(b'blue')),
        a_set(304, u32(0x03000050), sized(b'http'), sized(b'World Wide Web')),
        a_set(305, u64(1 << 40), sized(b'all of them'), u32(1), u32(0)),
        a_set(306, u32(7), u32(12), b'both\0\0\0\0', u32(34), b'together')))
    case.name_told('interface', 3, 'größe', b'ein \xfc')       # as it came; it is encoded printable
    case.name_told('interface', 1 << 31, 'n' * 300)
    case.name_told('interface', 8, 'out8')
    case.name_told('vrf', 1, 'red')
    case.name_told('vrf', 2, 'blue')
    case.name_told('application', 0x03000050, 'http', 'World Wide Web')
    case.name_told('sampler', 1 << 40, 'all of them')
    case.name_told('interface', 12, 'both')
    case.name_told('vrf', 34, 'together')
    case.send(ipfix(8, 9, a_set(3, ipfix_options(300, ((10, 4),), ((82, VARIABLE),))),
                    a_set(300, u32(3), sized(b'elsewhere'))))
    case.name_told('interface', 3, 'elsewhere', domain=9)
    case.counts(RecordsDecoded=10, DatagramsMalformed=0)


CASES = [nf9_names, nf9_names_of_scopes, ipfix_names]
