/* Binds a release program to functions of glibc that hosts with 2.34 have too. 2.35 brought new
   versions of these two, which set errno otherwise; nothing in Teal asks for it. */
#if defined(__x86_64__)
#define BASE GLIBC_2.2.5
#define JUMP jmp
#elif defined(__aarch64__)
#define BASE GLIBC_2.17
#define JUMP b
#else
#error Teal has no packages for this processor.
#endif

#define JOINED(name, version) name@version
#define VERSIONED(name, version) JOINED(name, version)
#define OLDER(name)                             \
    .symver older_##name, VERSIONED(name, BASE);\
    .globl name;                                \
    .hidden name;                               \
    .type name, %function;                      \
name:                                           \
    JUMP older_##name;                          \
    .size name, . - name

    .text
    OLDER(hypot)
    OLDER(hypotf)

    .section .note.GNU-stack, "", %progbits
