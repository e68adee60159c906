#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make the captures of tests/data and the tables of what they say.

    tests/data/make.py            write them
    tests/data/make.py --check    say which differ from what is there, exit status 1 if any does

A case is a function in cases_*.py: it sends datagrams and writes down, by hand and from the RFC,
which records they are and which bytes count as what. No decoder of ours has a part in it. For
each there are NAME.pcap, NAME.flows.tsv (a row a record), NAME.counts.tsv (the counters of all
exporters together), and where there are any NAME.names.tsv and NAME.counters.tsv (what exporters
call things, and count), read by tests/golden.c, and the same datagrams as a seed for tests/fuzz.

Only the Python library is used. The captures were read with tshark 4.0.17 and nfdump 1.7.1, and
the records compared: see README.
"""
import importlib
import os
import sys

import cases_headers
import cases_headers_media
import cases_tunnels
import covers
import headers
import seeds_decode
import seeds_packet
import seeds_pcap
import wire

SEEDS = '../fuzz/seeds/'
HERE = os.path.dirname(os.path.abspath(__file__))

COLUMNS = '''pkt exporter ver domain seq src dst sport dport proto bytes packets sampling rate_source
in_if out_if t_start_ns t_end_ns src_as dst_as src_mask dst_mask nexthop bgp_nexthop next_hop_as vlan
vlan_in vlan_out src_mac dst_mac etype tcp_flags tos ttl_min ttl_max icmp_type icmp_code flow_label
frag_id frag_off mpls_labels vrf_in vrf_out nat_src nat_dst nat_sport nat_dport nat_event fw_event
direction fwd_status bytes_rev packets_rev app_id sampler_id end_reason biflow'''.split()
SFLOW_PORT = 6343
PORTS = {'nf5': 2055, 'nf9': 2055, 'ipfix': 4739, 'sflow': SFLOW_PORT}
# What the names of their cases begin with, which says the protocol, where they do not say it.
MODULES = {
    'cases_netflow5': 'nf5-',
    'cases_netflow9': 'nf9-',
    'cases_ipfix': 'ipfix-',
    'cases_rates': '',
    'cases_templates': '',
    'cases_fields': '',
    'cases_sections': '',
    'cases_names': '',
    'cases_events': '',
    'cases_sflow': 'sflow-',
    'cases_sflow_records': 'sflow-',
    'cases_sflow_counters': 'sflow-',
    'cases_sflow_media': 'sflow-',
}
SFLOW_COLUMNS = COLUMNS + ['kind', 'ip_len', 'extra']
# Members of core/flow.def and core/flow_more.def, and unknown elements (ENTERPRISE/ID=HEX): columns
# of the tables that have something to say of them. In others they must be absent.
RARE_COLUMNS = '''ip_length inner_src inner_dst inner_proto inner_src_port inner_dst_port inner_vlan
tunnel tunnel_id agent in_if_kind out_if_kind as_path communities local_pref peer_as router_as
src_user dst_user url url_host queue queue_depth acl acl_name acl_direction function out_labels
mpls_name mpls_id vlan_stack tunnel_src tunnel_dst tunnel_proto in_vni out_vni tcp_rtt tcp_rtt_var
tcp_min_rtt tcp_retransmits tcp_lost tcp_window path_mtu drop_reason drop_cause drops
transit_delay tunnel_direction tunnel_dst_port ssid bssid channel speed rsni rcpi transmissions
app_name app_operation app_status app_duration src_entity dst_entity unknown'''.split()
NAME_COLUMNS = 'pkt exporter agent source domain kind id name description'.split()
COUNTER_COLUMNS = '''pkt exporter agent domain sequence uptime_ms source_class source_index group
counters texts'''.split()

SOURCES = {'sflow': 1, 'nf5': 2, 'nf9': 3, 'ipfix': 4}
RATE_SOURCES = {'record': 2, 'options by id': 3, 'options': 4, 'header': 5}


class Case:
    def __init__(self, name, port):
        self.name, self.port = name, port
        self.packets, self.rows, self.counters, self.seed = [], [], {}, b''
        self.names, self.told = [], []

    def send(self, payload, exporter='192.0.2.1', sport=50000):
        """One datagram; the rows that follow are its records."""
        self.exporter = exporter
        to = '2001:db8::fe' if ':' in exporter else '192.0.2.254'
        self.packets.append(wire.udp_packet(exporter, to, sport, self.port, payload))
        self.seed += wire.u16(len(payload)) + wire.ip(exporter)[-1:] + payload

    def flow(self, **values):
        """A record of the last datagram. What is not named is absent."""
        if 'sampling' in values:
            values['rate_source'] = RATE_SOURCES[values['rate_source']]
        unknown = set(values) - set(SFLOW_COLUMNS + RARE_COLUMNS)
        assert not unknown, unknown
        self.rows.append({'pkt': len(self.packets), 'exporter': self.exporter} | values)

    def name_told(self, kind, number, name, description='', domain=7, agent=''):
        """What the last datagram says something is called."""
        source = SOURCES[self.name.partition('-')[0]]
        self.names.append([len(self.packets), self.exporter, agent, source, domain, kind, number,
                           name, description])

    def counters_told(self, group, counters, texts='', *, domain, sequence, uptime_ms, agent='',
                      source=(0, 0)):
        """What the last datagram counted: NAME=VALUE, with commas between them."""
        self.told.append([len(self.packets), self.exporter, agent, domain, sequence, uptime_ms,
                          *source, group, counters, texts])

    def counts(self, **counters):
        self.counters = counters

    def files(self):
        columns = SFLOW_COLUMNS if self.port == SFLOW_PORT else COLUMNS
        columns = columns + [c for c in RARE_COLUMNS if any(c in row for row in self.rows)]
        rows = [[row.get(c, '') for c in columns] for row in self.rows]
        counters = ''.join(f'{k}\t{v}\n' for k, v in self.counters.items())
        files = {
            self.name + '.pcap': wire.pcap(self.packets),
            self.name + '.flows.tsv': table(columns, rows),
            self.name + '.counts.tsv': counters.encode(),
            SEEDS + 'decode/' + self.name: self.seed,
        }
        if self.names:
            files[self.name + '.names.tsv'] = table(NAME_COLUMNS, self.names)
        if self.told:
            files[self.name + '.counters.tsv'] = table(COUNTER_COLUMNS, self.told)
        return files


def table(columns, rows):
    return b''.join(b'\t'.join(map(cell, line)) + b'\n' for line in [columns] + rows)


def cell(value):
    return value if isinstance(value, bytes) else str(value).encode()


def all_files():
    files, names = {}, []
    for module, prefix in MODULES.items():
        for function in importlib.import_module(module).CASES:
            name = prefix + function.__name__.replace('_', '-')
            case = Case(name, PORTS[name.partition('-')[0]])
            function(case)
            files |= case.files()
            names.append(f'{case.name}\t{" ".join(function.__doc__.split())}\n')
    files |= header_files()
    for target, seeds in dict(decode=seeds_decode, packet=seeds_packet, pcap=seeds_pcap).items():
        files |= {f'{SEEDS}{target}/{name}': data for name, data in seeds.SEEDS.items()}
    files['CASES'] = ('# Made by make.py.\n' + ''.join(names)).encode()
    return files


def header_files():
    """Packets for tests/golden-headers.c, and each as a seed for tests/fuzz."""
    files, names = {}, []
    for function in (cases_headers.CASES + cases_headers_media.CASES
                     + cases_tunnels.CASES):
        case = headers.HeaderCase('hdr-' + function.__name__.replace('_', '-'))
        function(case)
        files |= case.files(SEEDS)
        names.append(f'{case.name}\t{" ".join(function.__doc__.split())}\n')
    files['HEADERS'] = ('# Made by make.py.\n' + ''.join(names)).encode()
    return files


def read(path):
    try:
        with open(path, 'rb') as f:
            return f.read()
    except FileNotFoundError:
        return None


def main():
    files = all_files()
    differ = [name for name in files if read(os.path.join(HERE, name)) != files[name]]
    made = {n for n in os.listdir(HERE) if n.endswith(('.pcap', '.tsv'))}
    if sys.argv[1:] == ['--check']:
        faults = [os.path.normpath('tests/data/' + name) + ' is not what make.py makes'
                  for name in sorted(differ) + sorted(made - set(files))]
        cases = {name.partition('.')[0] for name in files}
        faults += [*covers.strangers(cases), *covers.untried()]
        print(*faults, sep='\n', end='\n' if faults else '')
        return 1 if faults else 0
    for name in differ:
        with open(os.path.join(HERE, name), 'wb') as f:
            f.write(files[name])
    for name in made - set(files):
        os.remove(os.path.join(HERE, name))
    return 0


if __name__ == '__main__':
    sys.exit(main())
