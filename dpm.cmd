@echo off
rem Runs the dpm command from this repository, and builds it on first use.
rem After a change to the sources, build it again: mvn -B -q -Dmaven.test.skip=true package
setlocal
set "DPM_ROOT=%~dp0."
set "DPM_JAVA=java"
if defined JAVA_HOME set "DPM_JAVA=%JAVA_HOME%\bin\java"
if exist "%DPM_ROOT%\dpm-cli\target\lib" goto run
echo dpm: building (this takes a minute or two the first time) ... 1>&2
pushd "%DPM_ROOT%"
call mvn -B -q -Dmaven.test.skip=true package 1>&2
if errorlevel 1 (
  popd
  echo dpm: the build failed; see above. 1>&2
  exit /b 1
)
popd
:run
for %%f in ("%DPM_ROOT%\dpm-cli\target\dpm-cli-*.jar") do set "DPM_JAR=%%f"
"%DPM_JAVA%" "-Ddpm.home=%DPM_ROOT%" -Djava.awt.headless=true %DPM_JAVA_OPTS% -cp "%DPM_JAR%;%DPM_ROOT%\dpm-cli\target\lib\*" org.dpm.cli.Dpm %*
exit /b %errorlevel%
