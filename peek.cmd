@echo off
rem Starts Peek from a checkout on Windows: finds a JDK, builds what changed, runs. The twin of the script
rem "peek"; see there for the reasons. Needs PowerShell (part of Windows), a JDK and, to build, Node.js.
setlocal EnableExtensions DisableDelayedExpansion

set "ROOT=%~dp0"
if "%ROOT:~-1%"=="\" set "ROOT=%ROOT:~0,-1%"
set "WORK=%ROOT%\target"
set "STAMP_FILE=%WORK%\peek.stamp"
set "BUILD_LOG=%WORK%\build.log"
set "APPLICATION=%ROOT%\desktop-shell\app\target\app"

call :find_jdk
if errorlevel 1 exit /b 1

if /i "%~1"=="test" goto :test

set "STAMP="
rem Path, size and time of every source file as one number.
for /f "delims=" %%S in ('powershell -NoProfile -NonInteractive -Command "$root = $env:ROOT; $skip = 'target','node_modules','dist','.git','.idea','.vscode','.ci'; function Walk($dir) { foreach ($entry in $dir.EnumerateFileSystemInfos()) { if ($entry -is [IO.DirectoryInfo]) { if ($skip -notcontains $entry.Name) { Walk $entry } } elseif ($entry.Extension -notin '.tsbuildinfo','.log') { $entry.FullName.Substring($root.Length) + ' ' + $entry.Length + ' ' + $entry.LastWriteTimeUtc.Ticks } } }; $lines = @(Walk ([IO.DirectoryInfo]$root)); [Array]::Sort($lines, [StringComparer]::Ordinal); $bytes = [Text.Encoding]::UTF8.GetBytes($lines -join [char]10); -join ([Security.Cryptography.SHA256]::Create().ComputeHash($bytes) | ForEach-Object { $_.ToString('x2') })"') do set "STAMP=%%S"
if not defined STAMP (
  echo peek: PowerShell could not list the source files; check that powershell.exe is on the PATH. 1>&2
  exit /b 1
)
set "RUN=%WORK%\run\%STAMP:~0,16%"

set "LAST="
if exist "%STAMP_FILE%" set /p LAST=<"%STAMP_FILE%"
if not "%LAST%"=="%STAMP%" goto :build
if not exist "%RUN%\app\lib" goto :build
goto :run

:build
call :need_node
if errorlevel 1 exit /b 1
if not exist "%WORK%" mkdir "%WORK%"
rem The folder is the lock: only one process can make it. One left behind by a power cut is removed by hand.
set "WAITED="
:lock
mkdir "%WORK%\peek.lock.d" 2>nul
if not errorlevel 1 goto :locked
if not defined WAITED echo Another build of this checkout is running; waiting for it. If there is none, delete %WORK%\peek.lock.d 1>&2
set "WAITED=yes"
ping -n 2 127.0.0.1 >nul
goto :lock
:locked
set "LAST="
if exist "%STAMP_FILE%" set /p LAST=<"%STAMP_FILE%"
if "%LAST%"=="%STAMP%" if exist "%RUN%\app\lib" (
  rmdir "%WORK%\peek.lock.d"
  goto :run
)
echo Building Peek ... 1>&2
call :maven -q -B package -DskipTests >"%BUILD_LOG%" 2>&1 <nul
if errorlevel 1 (
  echo The build failed: 1>&2
  findstr /b /c:"[ERROR]" "%BUILD_LOG%" 1>&2
  echo peek: nothing was started, because the build failed; all it said is in %BUILD_LOG% 1>&2
  rmdir "%WORK%\peek.lock.d"
  exit /b 1
)
rem Copies of older builds go, except those in use: Windows does not let go of open jars.
if exist "%WORK%\run" for /d %%D in ("%WORK%\run\*") do (
  ren "%%D\app" app.old 2>nul && rmdir /s /q "%%D" 2>nul
)
xcopy "%APPLICATION%" "%RUN%\app" /e /i /q /y >nul
if errorlevel 1 (
  echo peek: could not copy the build to %RUN%; is the disk full? 1>&2
  rmdir "%WORK%\peek.lock.d"
  exit /b 1
)
>"%STAMP_FILE%" echo %STAMP%
rmdir "%WORK%\peek.lock.d"

:run
set "JARS=%RUN%\app\lib"
set "MAIN=org.peekplatform.shell.app.Main"
set "ARCHIVE=workstation"
for %%A in (%*) do call :name_archive "%%~A"
set "SHARED=-Xshare:auto -XX:+AutoCreateSharedArchive "-XX:SharedArchiveFile=%RUN%\%ARCHIVE%.jsa" -Xlog:cds*=off -Xlog:aot*=off"
set "ARGUMENTS=%*"
if /i not "%~1"=="bench" goto :java
set "JARS=%ROOT%\embedded-services\benchmarks\target\app\lib"
set "MAIN=org.peekplatform.benchmarks.Main"
set "SHARED="
call set "ARGUMENTS=%%ARGUMENTS:*bench=%%"
:java
rem A wildcard: Windows limits the length of a command line. The JVM expands it in the folder's order, which is fixed.
"%JDK%\bin\java.exe" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Xms48m -Xmx512m -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -XX:+ExitOnOutOfMemoryError %SHARED% %PEEK_JAVA_OPTS% -cp "%JARS%\*" %MAIN% %ARGUMENTS%
exit /b %errorlevel%

:name_archive
for %%C in (plugin config doctor help -h --help -V --version) do if "%~1"=="%%C" set "ARCHIVE=command"
if "%ARCHIVE%"=="command" exit /b 0
for %%C in (--service --headless) do if "%~1"=="%%C" set "ARCHIVE=headless"
exit /b 0

:maven
setlocal
set "JAVA_HOME=%JDK%"
set "MAVEN_OPTS=--sun-misc-unsafe-memory-access=allow %MAVEN_OPTS%"
pushd "%ROOT%"
call mvnw.cmd %*
set "CODE=%errorlevel%"
popd
endlocal & exit /b %CODE%

:find_jdk
set "JDK="
if not defined PEEK_JAVA_HOME goto :look
call :take_jdk "%PEEK_JAVA_HOME%"
if defined JDK exit /b 0
echo peek: PEEK_JAVA_HOME names '%PEEK_JAVA_HOME%', where there is no JDK 25 or newer; let it name one, or unset it to have Peek look for itself. 1>&2
exit /b 1
:look
if defined JAVA_HOME call :take_jdk "%JAVA_HOME%"
if defined JDK exit /b 0
for %%J in (java.exe) do set "ON_PATH=%%~dp$PATH:J"
if defined ON_PATH call :take_jdk "%ON_PATH%.."
if defined JDK exit /b 0
for %%V in ("%ProgramFiles%\Eclipse Adoptium" "%ProgramFiles%\Java" "%ProgramFiles%\Microsoft" "%ProgramFiles%\Zulu" "%ProgramFiles%\Amazon Corretto" "%ProgramFiles%\BellSoft" "%LOCALAPPDATA%\Programs\Eclipse Adoptium" "%USERPROFILE%\.jdks") do (
  if exist "%%~V" for /d %%D in ("%%~V\*") do if not defined JDK call :take_jdk "%%~D"
)
if defined JDK exit /b 0
echo peek: no JDK 25 or newer was found: install Eclipse Temurin JDK 25 (winget package EclipseAdoptium.Temurin.25.JDK), or set PEEK_JAVA_HOME to where a JDK is. 1>&2
exit /b 1

rem Takes folder %1 if there is a compiler in it and its release file says 25 or more.
:take_jdk
if not exist "%~1\bin\javac.exe" exit /b 0
if not exist "%~1\release" exit /b 0
set "MAJOR="
for /f "tokens=2 delims==" %%L in ('findstr /b "JAVA_VERSION=" "%~1\release"') do for /f "tokens=1 delims=.+-" %%M in ("%%~L") do set "MAJOR=%%M"
if not defined MAJOR exit /b 0
if %MAJOR% geq 25 set "JDK=%~1"
exit /b 0

:need_node
set "NODE_MAJOR="
for /f "tokens=1 delims=v." %%N in ('node --version 2^>nul') do set "NODE_MAJOR=%%N"
if not defined NODE_MAJOR set "NODE_MAJOR=0"
if %NODE_MAJOR% geq 20 exit /b 0
echo peek: building the web parts needs Node.js 20 or newer: install it (winget package OpenJS.NodeJS.LTS) and put it on the PATH. 1>&2
exit /b 1

:test
set "LONG="
if /i "%~2"=="--long" set "LONG=-Dpeek.long=true"
if "%~2"=="" goto :test_options_known
if defined LONG goto :test_options_known
echo peek: '%~2' is not an option of 'peek test'; there is --long. 1>&2
exit /b 2
:test_options_known
call :need_node
if errorlevel 1 exit /b 1
where chromedriver >nul 2>nul
if errorlevel 1 (
  echo peek: the tests need Chrome or Chromium and chromedriver; install them and put chromedriver on the PATH. 1>&2
  exit /b 1
)
set "PEEK_NO_BUILD=1"
set "JAVA_HOME=%JDK%"
set "FAILED="
pushd "%ROOT%"
call node tools\install-if-needed.mjs
if errorlevel 1 (
  popd
  exit /b 1
)
call npm run --silent lint
if errorlevel 1 set "FAILED=%FAILED% web lint;"
call npm test --silent
if errorlevel 1 set "FAILED=%FAILED% web tests;"
call npm run --silent build
if errorlevel 1 set "FAILED=%FAILED% web build;"
call :maven -B -ntp -fae -Pchecks verify %LONG%
if errorlevel 1 set "FAILED=%FAILED% Java;"
popd
if defined FAILED (
  echo FAILED:%FAILED%
  exit /b 1
)
echo All tests passed.
exit /b 0
