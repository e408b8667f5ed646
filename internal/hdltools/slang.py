import sys

from pyslang import driver

d = driver.Driver()
d.addStandardArgs()
words = ['"%s"' % w for w in ["slang"] + sys.argv[1:]]
ok = d.parseCommandLine(" ".join(words)) and d.processOptions() and d.parseAllSources() and d.runFullCompilation(True)
sys.exit(0 if ok else 1)
