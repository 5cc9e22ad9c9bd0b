// Starts the program in its arguments and waits for it. Named explorer.exe, it is to that program what starts
// programs after a double click.
#include <windows.h>
#include <shlwapi.h>

int main(void)
{
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION started;
    DWORD code = 1;
    if (!CreateProcessW(NULL, PathGetArgsW(GetCommandLineW()), NULL, NULL, TRUE, 0, NULL, NULL, &startup, &started))
        return 1;
    WaitForSingleObject(started.hProcess, INFINITE);
    GetExitCodeProcess(started.hProcess, &code);
    return code;
}
