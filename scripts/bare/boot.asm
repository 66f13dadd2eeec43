; Boot sector: loads the program behind it to 0x20000, switches to 64 bits with all vector registers, and calls it.
bits 16
org 0x7c00

start:
    cli
    xor ax, ax
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov sp, 0x7c00
    mov cx, CHUNKS
.load:
    push cx
    mov si, packet
    mov ah, 0x42                ; read by block address
    mov dl, 0x80
    int 0x13
    jc $
    add word [packet.segment], CHUNK_SECTORS * 512 / 16
    add word [packet.block], CHUNK_SECTORS
    pop cx
    loop .load

    cli                         ; the BIOS has allowed interrupts again
    ; The first 2 MB mapped to themselves.
    mov edi, 0x1000
    xor eax, eax
    mov ecx, 0x3000 / 4
    rep stosd
    mov dword [0x1000], 0x2003
    mov dword [0x2000], 0x3003
    mov dword [0x3000], 0x83
    mov eax, 0x1000
    mov cr3, eax
    mov eax, cr4
    or eax, 1 << 5 | 1 << 9 | 1 << 10 | 1 << 18     ; PAE, FXSR, SIMD exceptions, XSAVE
    mov cr4, eax
    mov ecx, 0xc0000080
    rdmsr
    or eax, 1 << 8                                  ; long mode
    wrmsr
    lgdt [table.pointer]
    mov eax, cr0
    and eax, ~(1 << 2)                              ; no emulation of the coprocessor
    or eax, 1 << 31 | 1 << 1 | 1
    mov cr0, eax
    jmp 8:wide

bits 64
wide:
    mov ax, 16
    mov ds, ax
    mov es, ax
    mov ss, ax
    mov rsp, 0x90000
    ; State of SSE, AVX and AVX512, as far as there is any.
    mov eax, 0xd
    xor ecx, ecx
    cpuid
    and eax, 0xe7
    xor edx, edx
    xor ecx, ecx
    xsetbv
    mov rax, 0x20000
    call rax
    jmp $

align 4
packet:
    db 16, 0
    dw CHUNK_SECTORS
    dw 0
.segment:
    dw 0x2000
.block:
    dq 1
align 8
table:
    dq 0
    dq 0x00209a0000000000       ; code
    dq 0x0000920000000000       ; data
.pointer:
    dw $ - table - 1
    dd table

    times 510 - ($ - $$) db 0
    dw 0xaa55
