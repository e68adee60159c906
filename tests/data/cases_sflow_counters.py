# SPDX-License-Identifier: Apache-2.0
"""sFlow v5: counter records, each structure of the registry."""
import struct

from sflow import counter_sample, datagram, framed, xdr
from wire import mac, u8, u32, u64

# Enterprise, format, group and fields, as the documents list them; a field has 4 bytes or as many
# as it says. Where no document is (11, 2205), as sflowtool reads them.
STRUCTURES = '''
0 1 generic: ifIndex ifType ifSpeed:8 ifDirection ifStatus ifInOctets:8 ifInUcastPkts
    ifInMulticastPkts ifInBroadcastPkts ifInDiscards ifInErrors ifInUnknownProtos ifOutOctets:8
    ifOutUcastPkts ifOutMulticastPkts ifOutBroadcastPkts ifOutDiscards ifOutErrors
    ifPromiscuousMode
0 2 ethernet: dot3StatsAlignmentErrors dot3StatsFCSErrors dot3StatsSingleCollisionFrames
    dot3StatsMultipleCollisionFrames dot3StatsSQETestErrors dot3StatsDeferredTransmissions
    dot3StatsLateCollisions dot3StatsExcessiveCollisions dot3StatsInternalMacTransmitErrors
    dot3StatsCarrierSenseErrors dot3StatsFrameTooLongs dot3StatsInternalMacReceiveErrors
    dot3StatsSymbolErrors
0 3 tokenring: dot5StatsLineErrors dot5StatsBurstErrors dot5StatsACErrors
    dot5StatsAbortTransErrors dot5StatsInternalErrors dot5StatsLostFrameErrors
    dot5StatsReceiveCongestions dot5StatsFrameCopiedErrors dot5StatsTokenErrors
    dot5StatsSoftErrors dot5StatsHardErrors dot5StatsSignalLoss dot5StatsTransmitBeacons
    dot5StatsRecoverys dot5StatsLobeWires dot5StatsRemoves dot5StatsSingles dot5StatsFreqErrors
0 4 vg: dot12InHighPriorityFrames dot12InHighPriorityOctets:8 dot12InNormPriorityFrames
    dot12InNormPriorityOctets:8 dot12InIPMErrors dot12InOversizeFrameErrors dot12InDataErrors
    dot12InNullAddressedFrames dot12OutHighPriorityFrames dot12OutHighPriorityOctets:8
    dot12TransitionIntoTrainings dot12HCInHighPriorityOctets:8 dot12HCInNormPriorityOctets:8
    dot12HCOutHighPriorityOctets:8
0 5 vlan: vlan_id octets:8 ucastPkts multicastPkts broadcastPkts discards
0 6 80211: dot11TransmittedFragmentCount dot11MulticastTransmittedFrameCount dot11FailedCount
    dot11RetryCount dot11MultipleRetryCount dot11FrameDuplicateCount dot11RTSSuccessCount
    dot11RTSFailureCount dot11ACKFailureCount dot11ReceivedFragmentCount
    dot11MulticastReceivedFrameCount dot11FCSErrorCount dot11TransmittedFrameCount
    dot11WEPUndecryptableCount dot11QoSDiscardedFragmentCount dot11AssociatedStationCount
    dot11QoSCFPollsReceivedCount dot11QoSCFPollsUnusedCount dot11QoSCFPollsUnusableCount
    dot11QoSCFPollsLostCount
0 8 slow_path: unknown other cam_miss cam_full no_hw_support cntrl
0 9 ib: PortXmitPkts:8 PortRcvPkts:8 SymbolErrorCounter LinkErrorRecoveryCounter LinkDownedCounter
    PortRcvErrors PortRcvRemotePhysicalErrors PortRcvSwitchRelayErrors PortXmitDiscards
    PortXmitConstraintErrors PortRcvConstraintErrors LocalLinkIntegrityErrors
    ExcessiveBufferOverrunErrors VL15Dropped
0 11 pfc: requests indications pause_duration storm_detected storm_restored
0 1001 processor: 5s_cpu 1m_cpu 5m_cpu total_memory:8 free_memory:8
0 1002 radio: elapsed_time on_channel_time on_channel_busy_time
0 1003 queue_length: queueIndex segmentSize queueSegments queueLength0 queueLength1 queueLength2
    queueLength4 queueLength8 queueLength32 queueLength128 queueLength1024 queueLengthMore dropped
0 1004 ofport: datapath_id:8 port_no
0 2002 host_par: container_type container_index
0 2004 host_mem: mem_total:8 mem_free:8 mem_shared:8 mem_buffers:8 mem_cached:8 swap_total:8
    swap_free:8 page_in page_out swap_in swap_out
0 2005 host_dsk: disk_total:8 disk_free:8 part_max_used reads bytes_read:8 read_time writes
    bytes_written:8 write_time
0 2006 host_nio: bytes_in:8 pkts_in errs_in drops_in bytes_out:8 packets_out errs_out drops_out
0 2007 host_ip: ipForwarding ipDefaultTTL ipInReceives ipInHdrErrors ipInAddrErrors
    ipForwDatagrams ipInUnknownProtos ipInDiscards ipInDelivers ipOutRequests ipOutDiscards
    ipOutNoRoutes ipReasmTimeout ipReasmReqds ipReasmOKs ipReasmFails ipFragOKs ipFragFails
    ipFragCreates
0 2008 host_icmp: icmpInMsgs icmpInErrors icmpInDestUnreachs icmpInTimeExcds icmpInParamProbs
    icmpInSrcQuenchs icmpInRedirects icmpInEchos icmpInEchoReps icmpInTimestamps icmpInAddrMasks
    icmpInAddrMaskReps icmpOutMsgs icmpOutErrors icmpOutDestUnreachs icmpOutTimeExcds
    icmpOutParamProbs icmpOutSrcQuenchs icmpOutRedirects icmpOutEchos icmpOutEchoReps
    icmpOutTimestamps icmpOutTimestampReps icmpOutAddrMasks icmpOutAddrMaskReps
0 2009 host_tcp: tcpRtoAlgorithm tcpRtoMin tcpRtoMax tcpMaxConn tcpActiveOpens tcpPassiveOpens
    tcpAttemptFails tcpEstabResets tcpCurrEstab tcpInSegs tcpOutSegs tcpRetransSegs tcpInErrs
    tcpOutRsts tcpInCsumErrs
0 2010 host_udp: udpInDatagrams udpNoPorts udpInErrors udpOutDatagrams udpRcvbufErrors
    udpSndbufErrors udpInCsumErrors
0 2100 host_vrt_node: mhz cpus memory:8 memory_free:8 num_domains
0 2101 host_vrt_cpu: state cpuTime nrVirtCpu
0 2102 host_vrt_mem: memory:8 maxMemory:8
0 2103 host_vrt_dsk: capacity:8 allocation:8 physical:8 rd_req rd_bytes:8 wr_req wr_bytes:8 errs
0 2104 host_vrt_nio: rx_bytes:8 rx_packets rx_errs rx_drop tx_bytes:8 tx_packets tx_errs tx_drop
0 2106 jmx: heap_initial:8 heap_used:8 heap_committed:8 heap_max:8 non_heap_initial:8
    non_heap_used:8 non_heap_committed:8 non_heap_max:8 gc_count gc_time classes_loaded
    classes_total classes_unloaded compilation_time thread_num_live thread_num_daemon
    thread_num_started fd_open_count fd_max_count
0 2200 memcache: uptime rusage_user rusage_system curr_connections total_connections
    connection_structures cmd_get cmd_set cmd_flush get_hits get_misses delete_misses delete_hits
    incr_misses incr_hits decr_misses decr_hits cas_misses cas_hits cas_badval auth_cmds
    auth_errors bytes_read:8 bytes_written:8 limit_maxbytes accepting_conns listen_disabled_num
    threads conn_yields bytes:8 curr_items total_items evictions
0 2201 http: method_option_count method_get_count method_head_count method_post_count
    method_put_count method_delete_count method_trace_count method_connect_count
    method_other_count status_1XX_count status_2XX_count status_3XX_count status_4XX_count
    status_5XX_count status_other_count
0 2203 app_resource: user_time system_time mem_used:8 mem_max:8 fd_open fd_max conn_open conn_max
0 2204 memcache2: cmd_set cmd_touch cmd_flush get_hits get_misses delete_hits delete_misses
    incr_hits incr_misses decr_hits decr_misses cas_hits cas_misses cas_badval auth_cmds
    auth_errors threads conn_yields listen_disabled_num curr_connections rejected_connections
    total_connections connection_structures evictions reclaimed curr_items total_items
    bytes_read:8 bytes_written:8 bytes:8 limit_maxbytes:8
0 2205 vdi: sessions_current sessions_total sessions_duration rx_bytes tx_bytes rx_packets
    tx_packets rx_packets_lost tx_packets_lost rtt_min_ms rtt_max_ms rtt_avg_ms audio_rx_bytes
    audio_tx_bytes audio_tx_limit img_rx_bytes img_tx_bytes img_frames img_qual_min img_qual_max
    img_qual_avg usb_rx_bytes usb_tx_bytes
0 2206 app_workers: workers_active workers_idle workers_max req_delayed req_dropped
0 2207 ovsdp: hits misses lost mask_hits flows masks
0 3000 energy: voltage current real_power power_factor energy errors
0 3001 temperature: minimum maximum errors
0 3002 humidity: relative
0 3003 fans: total failed speed
4413 1 bst_device_buffers: uc_pc mc_pc
4413 3 bcm_tables: host_entries host_entries_max ipv4_entries ipv4_entries_max ipv6_entries
    ipv6_entries_max ipv4_ipv6_entries ipv4_ipv6_entries_max long_ipv6_entries
    long_ipv6_entries_max total_routes total_routes_max ecmp_nexthops ecmp_nexthops_max
    mac_entries mac_entries_max ipv4_neighbors ipv6_neighbors ipv4_routes ipv6_routes
    acl_ingress_entries acl_ingress_entries_max acl_ingress_counters acl_ingress_counters_max
    acl_ingress_meters acl_ingress_meters_max acl_ingress_slices acl_ingress_slices_max
    acl_egress_entries acl_egress_entries_max acl_egress_counters acl_egress_counters_max
    acl_egress_meters acl_egress_meters_max acl_egress_slices acl_egress_slices_max
5703 1 host_gpu_nvml: device_count processes gpu_time mem_time mem_total:8 mem_free:8 ecc_errors
    energy temperature fan_speed
'''


def structures():
    for line in STRUCTURES.replace('\n    ', ' ').split('\n')[1:-1]:
        head, _, fields = line.partition(': ')
        enterprise, number, group = head.split()
        yield int(enterprise), int(number), group, [
            (name, int(size or 4)) for name, _, size in (f.partition(':') for f in fields.split())]


def tell(case, group, values, texts='', source=(0, 5), **whose):
    case.counters_told(group, ','.join(f'{name}={value}' for name, value in values.items()),
                       ','.join(f'{name}={value}' for name, value in dict(texts).items()),
                       domain=3, uptime_ms=5000, agent='192.0.2.77', source=source, **whose)


def send(case, number, record):
    case.send(datagram(number, counter_sample(record, sequence=number)))


def plain_structures(case):
    """Structures of nothing but numbers, each field with a value of its own."""
    count = 0
    for count, (enterprise, number, group, fields) in enumerate(structures(), 1):
        values = {name: i + 1 + (i + 1 << 32 if size == 8 else i + 1 << 24)
                  for i, (name, size) in enumerate(fields)}
        body = b''.join((u64 if size == 8 else u32)(values[name]) for name, size in fields)
        send(case, count, framed(number, body, enterprise=enterprise))
        tell(case, group, values, sequence=count)
    case.counts(Datagrams=count, RecordsDecoded=count, DatagramsMalformed=0, BytesUnknownSet=0,
                SequenceMissing=0, SamplesMissing=0)


def negative_and_unknown(case):
    """Below zero, fractions, and all ones, which mean that nobody knows."""
    def single(value):
        return struct.pack('>f', value)

    send(case, 1, framed(3000, u32(230000) + u32(0xffffffff) + u32(5) + struct.pack('>i', -9500)
                         + u32(0xffffffff) + u32(1)))
    tell(case, 'energy', dict(voltage=230000, real_power=5, power_factor=2**64 - 9500, errors=1),
         sequence=1)
    send(case, 2, framed(1001, u32(0xffffffff) + u32(250) + u32(0xffffffff) + u64(2**64 - 1)
                         + u64(2**32 - 1)))
    tell(case, 'processor', {'1m_cpu': 250, 'free_memory': 2**32 - 1}, sequence=2)
    send(case, 3, framed(2003, single(4.91) + single(-1) + single(0.25)
                         + b''.join(u32(i) for i in range(17))))
    tell(case, 'host_cpu', dict(load_one_milli=4910, load_fifteen_milli=250) | {
        name: i for i, name in enumerate('''proc_run proc_total cpu_num cpu_speed uptime cpu_user
        cpu_nice cpu_system cpu_idle cpu_wio cpu_intr cpu_sintr interrupts contexts cpu_steal
        cpu_guest cpu_guest_nice'''.split())}, sequence=3)
    case.counts(Datagrams=3, RecordsDecoded=3, DatagramsMalformed=0, BytesUnknownSet=0)


def texts_and_addresses(case):
    """Names, versions, and MAC addresses as numbers."""
    send(case, 1, framed(2105, xdr(b'vm 1') + xdr(b'vendor') + xdr(b'21.0.1')))
    tell(case, 'jvm', {}, dict(vm_name='vm 1', vm_vendor='vendor', vm_version='21.0.1'),
         sequence=1)
    send(case, 2, framed(2202, xdr(b'shop') + b''.join(u32(i) for i in range(1, 12))))
    tell(case, 'app', {name: i + 1 for i, name in enumerate('''success other timeout
        internal_error bad_request forbidden too_large not_implemented not_found unavailable
        unauthorized'''.split())}, dict(application='shop'), sequence=2)
    send(case, 3, framed(7, mac('02:00:00:00:0a:aa') + bytes(2) + mac('02:00:00:00:0b:bb')
                         + bytes(2) + u32(9) + u8(1) + u8(2) + u8(3) + u8(255)
                         + b''.join(u32(i) for i in range(1, 9))))
    tell(case, 'lacp', dict(
        dot3adAggPortActorSystemID=0x020000000aaa, dot3adAggPortPartnerOperSystemID=0x020000000bbb,
        dot3adAggPortAttachedAggID=9, dot3adAggPortActorAdminState=1,
        dot3adAggPortActorOperState=2, dot3adAggPortPartnerAdminState=3,
        dot3adAggPortPartnerOperState=255, dot3adAggPortStatsLACPDUsRx=1,
        dot3adAggPortStatsMarkerPDUsRx=2, dot3adAggPortStatsMarkerResponsePDUsRx=3,
        dot3adAggPortStatsUnknownRx=4, dot3adAggPortStatsIllegalRx=5,
        dot3adAggPortStatsLACPDUsTx=6, dot3adAggPortStatsMarkerPDUsTx=7,
        dot3adAggPortStatsMarkerResponsePDUsTx=8), sequence=3)
    send(case, 4, framed(2000, xdr(b'sw1') + bytes(7) + b'\1' + bytes(7) + b'\2' + u32(3) + u32(2)
                         + xdr(b'6.1')))
    case.name_told('exporter', 0, 'sw1', domain=3, agent='192.0.2.77')
    tell(case, 'host_hid', dict(uuid_high=1, uuid_low=2, machine_type=3, os_name=2),
         dict(hostname='sw1', os_release='6.1'), sequence=4)
    send(case, 5, framed(1005, xdr(b'')))
    tell(case, 'portname', {}, dict(name=''), sequence=5)
    case.counts(Datagrams=5, RecordsDecoded=6, DatagramsMalformed=0, BytesUnknownSet=0)


def lists_of_items(case):
    """Each item of a list is a record; a structure may have two lists, or empty ones."""
    lane = [b''.join(u32(10 * lane + i) for i in range(10)) for lane in (1, 2)]
    names = '''lane_index tx_bias_current tx_power tx_power_min tx_power_max tx_wavelength rx_power
        rx_power_min rx_power_max rx_wavelength'''.split()
    send(case, 1, framed(10, u32(7) + u32(4) + u32(3300) + u32(0xffffff38) + u32(2)
                         + b''.join(lane)))
    tell(case, 'sfp', dict(module_id=7, module_num_lanes=4, module_supply_voltage=3300,
                           module_temperature=2**64 - 200), sequence=1)
    for number in (1, 2):
        tell(case, 'sfp_lane', {name: 10 * number + i for i, name in enumerate(names)}, sequence=1)
    port = dict(ingress_uc_pc=1, ingress_mc_pc=2, egress_uc_pc=3, egress_mc_pc=4)
    for sequence, unicast, multicast in ((2, (5, 6), (7,)), (3, (), (8,)), (4, (), ())):
        send(case, sequence, framed(2, b''.join(map(u32, (1, 2, 3, 4, len(unicast), *unicast,
                                                         len(multicast), *multicast))),
                                    enterprise=4413))
        tell(case, 'bst_port_buffers', port, sequence=sequence)
        for kind, list_ in (('uc', unicast), ('mc', multicast)):
            for i, value in enumerate(list_):
                tell(case, 'bst_egress_queue_' + kind,
                     {'queue': i, f'egress_queue_{kind}_pc': value}, sequence=sequence)
    send(case, 5, framed(2001, u32(2) + u32(2) + u32(1) + mac('02:00:00:00:0a:aa') + bytes(2)
                         + u32(3) + u32(2) + mac('02:00:00:00:0b:bb') + bytes(2)
                         + mac('02:00:00:00:0c:cc') + bytes(2)))
    tell(case, 'adaptor', dict(ifIndex=2, macs=1, mac_address=0x020000000aaa), sequence=5)
    tell(case, 'adaptor', dict(ifIndex=3, macs=2, mac_address=0x020000000bbb), sequence=5)
    case.counts(Datagrams=5, RecordsDecoded=12, DatagramsMalformed=0, BytesUnknownSet=0)


def short_lists(case):
    """A list that says it is longer than it is gives the items that are there."""
    send(case, 1, framed(2, b''.join(map(u32, (1, 2, 3, 4, 0xffffffff, 5, 6))), enterprise=4413))
    tell(case, 'bst_port_buffers', dict(ingress_uc_pc=1, ingress_mc_pc=2, egress_uc_pc=3,
                                        egress_mc_pc=4), sequence=1)
    for i in (0, 1):
        tell(case, 'bst_egress_queue_uc', dict(queue=i, egress_queue_uc_pc=5 + i), sequence=1)
    case.counts(Datagrams=1, RecordsDecoded=3, BytesUnknownSet=0)


def sources(case):
    """What is counted is an interface, a VLAN, a machine or a guest: a class and an index."""
    vlan = framed(5, u32(5) + u64(6) + u32(7) * 4)
    for class_ in range(4):
        case.send(datagram(class_ + 1, counter_sample(vlan, source=class_ << 24 | 0xfffffe)))
        tell(case, 'vlan', dict(vlan_id=5, octets=6, ucastPkts=7, multicastPkts=7,
                                broadcastPkts=7, discards=7), sequence=1,
             source=(class_, 0xfffffe))
    case.counts(Datagrams=4, RecordsDecoded=4, SamplesMissing=0, SamplesLate=0)


CASES = [plain_structures, negative_and_unknown, texts_and_addresses, lists_of_items, short_lists,
         sources]
