#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""ujail.py ROOT CALLS: stands for procd and its ujail.

Starts what CALLS (the output of the stand-in) asks for, from the folder ROOT: in namespaces of its
own, a root folder of tmpfs that holds the mounts asked for and no more, with the user, the
capabilities and the environment asked for. Ends as it ends; passes SIGTERM on.
"""
import ctypes
import json
import os
import shlex
import signal
import sys

libc = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWNET, CLONE_NEWPID = 0x20000, 0x8000000, 0x40000000, 0x20000000
MS_RDONLY, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 32, 4096, 16384, 1 << 18
PR_CAPBSET_DROP, PR_SET_SECUREBITS, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 24, 28, 38, 47
NO_SETUID_FIXUP, AMBIENT_RAISE, CAPABILITY_VERSION_3 = 4, 2, 0x20080522
NUMBERS = {'CAP_NET_ADMIN': 12, 'CAP_NET_RAW': 13, 'CAP_BPF': 39}


def must(result, what):
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f'{what}: {os.strerror(number)}')


def prctl(option, *arguments):
    return libc.prctl(option, *(list(arguments) + [0] * (4 - len(arguments))))


def mount(source, target, kind, flags, options=None):
    must(libc.mount(source.encode(), target.encode(), kind.encode(), flags,
                    options and options.encode()), f'mount {target}')


class Wish:
    """What the init script has asked of procd."""

    def __init__(self, calls):
        self.parameter, self.environment, self.mounts, self.flags = {}, {}, [], []
        for line in calls:
            call, *words = shlex.split(line)
            if call == 'procd_set_param':
                self.parameter[words[0]] = words[1:]
            elif call == 'procd_append_param' and words[0] == 'env':
                self.environment.update(w.split('=', 1) for w in words[1:])
            elif call == 'procd_add_jail':
                self.flags = words[1:]
            elif call in ('procd_add_jail_mount', 'procd_add_jail_mount_rw'):
                self.mounts.append((words[0], call.endswith('_rw')))


def bind(root, jail, path, writable):
    """As ujail does: what is not there is left out, and only the path itself is mounted."""
    source, target = root + path, jail + path
    if not os.path.exists(source):
        return
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        open(target, 'w', encoding='ascii').close()
    mount(source, target, 'bind', MS_BIND)
    if not writable:
        mount(source, target, 'bind', MS_BIND | MS_REMOUNT | MS_RDONLY)


def build(root, wish):
    jail = root + '/jail'
    os.makedirs(jail, exist_ok=True)
    mount('none', '/', 'none', MS_REC | MS_PRIVATE)
    mount('tmpfs', jail, 'tmpfs', 0, 'mode=0755')
    for path in (wish.parameter['command'][0], '/etc/passwd', '/etc/group', '/etc/resolv.conf'):
        bind(root, jail, path, False)
    for path, writable in wish.mounts:
        bind(root, jail, path, writable)
    if 'sysfs' in wish.flags:
        os.makedirs(jail + '/sys')
        mount('sysfs', jail + '/sys', 'sysfs', MS_RDONLY)
    os.chroot(jail)
    os.chdir('/')
    if 'ronly' in wish.flags:
        mount('', '/', 'bind', MS_REMOUNT | MS_BIND | MS_RDONLY)


def set_capabilities(sets):
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    words = []
    for half in (0, 1):
        for name in ('effective', 'permitted', 'inheritable'):
            words.append(sum(1 << n % 32 for n in sets[name] if n // 32 == half))
    must(libc.syscall(126, header, (ctypes.c_uint32 * 6)(*words)), 'capset')


def give_up_rights(wish, capabilities, user):
    must(prctl(PR_SET_SECUREBITS, NO_SETUID_FIXUP), 'securebits')
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    must(prctl(PR_SET_SECUREBITS, 0), 'securebits')
    number = 0
    while number in capabilities['bounding'] or prctl(PR_CAPBSET_DROP, number) == 0:
        number += 1
    set_capabilities(capabilities)
    for number in capabilities['ambient']:
        must(prctl(PR_CAP_AMBIENT, AMBIENT_RAISE, number), 'ambient')
    if wish.parameter.get('no_new_privs') == ['1']:
        must(prctl(PR_SET_NO_NEW_PRIVS, 1), 'no_new_privs')


def main():
    root = os.path.realpath(sys.argv[1])
    with open(sys.argv[2], encoding='utf-8') as calls:
        wish = Wish(calls)
    with open(root + wish.parameter['capabilities'][0], encoding='ascii') as file:
        capabilities = {name: [NUMBERS[n] for n in names] for name, names in json.load(file).items()}
    with open(root + '/etc/passwd', encoding='ascii') as file:
        users = {line.split(':')[0]: int(line.split(':')[2]) for line in file}

    must(libc.unshare(CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWPID), 'unshare')
    child = os.fork()
    if child == 0:
        build(root, wish)
        give_up_rights(wish, capabilities, users[wish.parameter['user'][0]])
        command = wish.parameter['command']
        os.execve(command[0], command, {'container': 'ujail', **wish.environment})
    signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGTERM))
    print(child, flush=True)
    _, status = os.waitpid(child, 0)
    sys.exit(os.waitstatus_to_exitcode(status) & 255)


main()
